#include <algorithm>
#include <map>
#include <set>

#include "meaning.hpp"
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_meaning {
namespace {

void check_source_name(const Branch& branch, const std::string& name, const std::string& path,
                       Findings& findings) {
  if (branch.sources.contains(name)) return;
  findings.error(path, fmt::format("this branch has no source '{}'{}", name,
                                   did_you_mean(name, names_of(branch.sources))));
}

// Every "@src.NAME@" in a text names a source of the branch.
void check_placeholders(const Branch& branch, const std::string& text, const std::string& path,
                        Findings& findings) {
  constexpr std::string_view kOpen = "@src.";
  for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at + 1)) {
    const std::size_t start = at + kOpen.size();
    const std::size_t end = text.find('@', start);
    if (end == std::string::npos) {
      findings.error(path, "'@src.' is not closed by '@'");
      return;
    }
    check_source_name(branch, text.substr(start, end - start), path, findings);
  }
}

void check_options(const Branch& branch, const std::vector<CmakeOption>& options, const std::string& path,
                   Findings& findings) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    check_placeholders(branch, options[i].value, fmt::format("{}[{}].value", path, i), findings);
  }
}

// Whether needs lead from one component to another; `way` is lengthened by the names on it.
bool leads_to(const Branch& branch, const std::string& from, const std::string& target,
              std::set<std::string>& seen, std::vector<std::string>& way) {
  way.push_back(from);
  if (from == target) return true;
  const auto component = std::find_if(branch.components.begin(), branch.components.end(),
                                      [&](const Component& other) { return other.name == from; });
  if (component != branch.components.end() && seen.insert(from).second) {
    for (const std::string& need : component->needs) {
      if (leads_to(branch, need, target, seen, way)) return true;
    }
  }
  way.pop_back();
  return false;
}

// What is wrong with a need on something that is no earlier component.
std::string need_fault(const Branch& branch, const Component& component, const std::string& need,
                       const std::set<std::string>& earlier) {
  std::set<std::string> seen;
  std::vector<std::string> way{component.name};
  if (leads_to(branch, need, component.name, seen, way)) return "needs itself: " + join(way, " -> ");
  return fmt::format("'{}' is no component before this one{}", need,
                     did_you_mean(need, {earlier.begin(), earlier.end()}));
}

// The axes that variants of a branch have.
std::set<std::string> axes_of(const Branch& branch) {
  std::set<std::string> axes{"isa", "platform", "accelerator"};
  for (const auto& [name, line] : branch.lines) {
    if (!line.cuda.empty()) axes.insert({"cuda", "sm"});
    if (!line.python.empty()) axes.insert("python");
  }
  return axes;
}

// A component that goes on in another's build tree sees everything that tree depends on.
void check_continues(const Branch& branch, const Component& component, const std::set<std::string>& earlier,
                     const std::string& place, Findings& findings) {
  if (component.continues.empty()) return;
  const auto base = std::find_if(branch.components.begin(), branch.components.end(),
                                 [&](const Component& other) { return other.name == component.continues; });
  if (base == branch.components.end() || base->kind != "build" || !earlier.contains(base->name)) {
    std::vector<std::string> trees;
    for (const Component& other : branch.components) {
      if (other.kind == "build" && earlier.contains(other.name)) trees.push_back(other.name);
    }
    findings.error(place, fmt::format("'{}' is no build component before this one{}", component.continues,
                                      did_you_mean(component.continues, trees)));
    return;
  }
  if (component.kind != "build" || !base->continues.empty()) {
    findings.error(place, fmt::format("only a build component can continue another, and only one that has a "
                                      "build tree of its own; '{}' continues '{}'",
                                      component.name, component.continues));
  }
  if (std::find(component.needs.begin(), component.needs.end(), base->name) == component.needs.end())
    findings.error(place,
                   fmt::format("'{}' continues '{}' and does not need it", component.name, base->name));
  for (const std::string& output : component.outputs) {
    const auto& outputs = base->outputs;
    if (outputs.empty() || std::find(outputs.begin(), outputs.end(), output) != outputs.end()) continue;
    findings.error(place, fmt::format("'{}' falls away when only the output {} is asked for, and '{}', which "
                                      "continues it, does not",
                                      base->name, output, component.name));
  }
  for (const std::string& axis : base->axes) {
    if (std::find(component.axes.begin(), component.axes.end(), axis) != component.axes.end()) continue;
    findings.error(place, fmt::format("'{}' depends on {}, and '{}', which continues it, does not",
                                      base->name, axis, component.name));
  }
}

}  // namespace

void check_sources(const Branch& branch, const std::string& path, Findings& findings) {
  for (std::size_t i = 0; i < branch.substitutions.size(); ++i) {
    check_source_name(branch, branch.substitutions[i].source,
                      fmt::format("{}.substitutions[{}].source", path, i), findings);
  }
  for (std::size_t i = 0; i < branch.patches.size(); ++i) {
    const std::string place = fmt::format("{}.patches[{}]", path, i);
    check_source_name(branch, branch.patches[i].source, place + ".source", findings);
    check_source_name(branch, branch.patches[i].from_source, place + ".from_source", findings);
  }
  check_options(branch, branch.options, path + ".cmake", findings);
  for (std::size_t i = 0; i < branch.variables.size(); ++i) {
    check_placeholders(branch, branch.variables[i].value, fmt::format("{}.variables[{}].value", path, i),
                       findings);
  }
}

void check_components(const Branch& branch, const std::string& path, Findings& findings) {
  std::set<std::string> earlier;
  for (const Component& component : branch.components) {
    const std::string place = fmt::format("{}.pipeline({}).{}", path, branch.pipeline, component.name);
    if (component.name.find('.') != std::string::npos)
      findings.error(place, "the name of a component has no dot");
    for (const std::string& need : component.needs) {
      if (!foreign_need(need) && !earlier.contains(need))
        findings.error(place + ".needs", need_fault(branch, component, need, earlier));
    }
    check_continues(branch, component, earlier, place + ".continues", findings);
    if (!earlier.insert(component.name).second)
      findings.error(place, "the name of this component stands twice");
    check_options(branch, component.options, place + ".options", findings);
    for (std::size_t i = 0; i < component.commands.size(); ++i) {
      for (std::size_t a = 0; a < component.commands[i].argv.size(); ++a) {
        check_placeholders(branch, component.commands[i].argv[a],
                           fmt::format("{}.commands[{}].argv[{}]", place, i, a), findings);
      }
    }
  }
}

void check_axes(const Product& product, Findings& findings) {
  std::map<std::string, std::set<std::string>> known;  // by pipeline
  for (const auto& [name, branch] : product.branches) known[branch.pipeline].merge(axes_of(branch));
  std::set<std::string> seen;
  for (const std::string& name : product.branch_order) {
    const Branch& branch = product.branches.at(name);
    if (!seen.insert(branch.pipeline).second) continue;
    for (const Component& component : branch.components) {
      for (const std::string& axis : component.axes) {
        if (known.at(branch.pipeline).contains(axis)) continue;
        findings.error(
            fmt::format("{}.pipeline({}).{}.axes", matrix_reader::member_path("$.branches", name),
                        branch.pipeline, component.name),
            fmt::format("no variant has the axis '{}': no branch of this pipeline has a line with '{}'", axis,
                        axis == "sm" ? "cuda" : axis));
      }
    }
  }
}

}  // namespace ortforge::matrix_meaning

#include <algorithm>

#include "inherit.hpp"
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

using Pipelines = std::map<std::string, std::vector<Component>>;

// A component written out, or "whole.test": a component of a pipeline that stands before this one.
Result<Component> read_pipeline_item(const JsonPlace& item, const Pipelines& earlier) {
  if (!item.value().is_string()) return read_component(item);
  ORTFORGE_TRY(const std::string name, item.string());
  std::vector<std::string> known;
  for (const auto& [pipeline, components] : earlier) {
    for (const Component& component : components) {
      known.push_back(pipeline + "." + component.name);
      if (known.back() == name) return component;
    }
  }
  return item.error(
      fmt::format("there is no component '{}' before this one{}", name, did_you_mean(name, known)));
}

Result<Pipelines> read_pipelines(const JsonPlace& document) {
  Pipelines result;
  if (!document.has("pipelines")) return result;
  ORTFORGE_TRY(const JsonPlace section, document.at("pipelines"));
  ORTFORGE_TRY(const auto members, section.members());
  for (const auto& [name, place] : members) {
    ORTFORGE_TRY(const std::vector<JsonPlace> items, place.elements());
    std::vector<Component> components;
    for (const JsonPlace& item : items) {
      ORTFORGE_TRY(Component component, read_pipeline_item(item, result));
      components.push_back(std::move(component));
    }
    result[name] = std::move(components);
  }
  return result;
}

Result<std::vector<std::string>> read_backends(const JsonPlace& place) {
  const std::vector<std::string> known{"cmake", "nix"};
  ORTFORGE_TRY(const JsonPlace list, place.at("backends"));
  ORTFORGE_TRY(const std::vector<JsonPlace> items, list.elements());
  std::vector<std::string> result;
  for (const JsonPlace& item : items) {
    ORTFORGE_TRY(std::string name, item.string());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return item.error(fmt::format("unknown backend '{}'; known: {}{}", name, join(known, ", "),
                                    did_you_mean(name, known)));
    }
    result.push_back(std::move(name));
  }
  return result;
}

Result<void> read_lines(const JsonPlace& place, Branch& branch) {
  ORTFORGE_TRY(const JsonPlace section, place.at("lines"));
  ORTFORGE_TRY(const auto members, section.members());
  for (const auto& [name, member] : members) {
    ORTFORGE_TRY(Line line, read_line(name, member));
    branch.line_order.push_back(name);
    branch.lines.emplace(name, std::move(line));
  }
  return {};
}

Result<void> read_pipeline_choice(const JsonPlace& place, const Pipelines& pipelines, Branch& branch) {
  ORTFORGE_TRY(branch.pipeline, place.string("pipeline"));
  const auto found = pipelines.find(branch.pipeline);
  if (found != pipelines.end()) {
    branch.components = found->second;
    return {};
  }
  std::vector<std::string> names;
  for (const auto& [name, components] : pipelines) names.push_back(name);
  ORTFORGE_TRY(const JsonPlace member, place.at("pipeline"));
  return member.error(
      fmt::format("there is no pipeline '{}'{}", branch.pipeline, did_you_mean(branch.pipeline, names)));
}

Result<Branch> read_branch(const std::string& name, const JsonPlace& place, const Pipelines& pipelines) {
  ORTFORGE_CHECK(place.only({"inherits", "version", "status", "environment", "backends", "pipeline", "origin",
                             "pins", "gaps", "lines", "sources", "patches", "substitutions", "cmake", "nix",
                             "variables", "isas", "requires"}));
  Branch branch;
  branch.name = name;
  ORTFORGE_TRY(branch.inherits, place.string_or("inherits", ""));
  ORTFORGE_TRY(branch.version, place.string("version"));
  ORTFORGE_TRY(branch.status, place.string_or("status", ""));
  ORTFORGE_TRY(branch.environment, place.string("environment"));
  ORTFORGE_TRY(branch.backends, read_backends(place));
  ORTFORGE_TRY(branch.origin, place.string_or("origin", ""));
  ORTFORGE_CHECK(read_pipeline_choice(place, pipelines, branch));
  ORTFORGE_CHECK(read_lines(place, branch));
  if (place.has("pins")) {
    ORTFORGE_TRY(const JsonPlace pins, place.at("pins"));
    ORTFORGE_TRY(const auto members, pins.members());
    for (const auto& [key, member] : members) {
      ORTFORGE_TRY(branch.pins[key], read_pin(member));
    }
  }
  ORTFORGE_TRY(branch.gaps, read_list(place, "gaps", read_gap));
  if (place.has("sources")) {
    ORTFORGE_TRY(const JsonPlace sources, place.at("sources"));
    ORTFORGE_TRY(branch.sources, read_sources(sources));
  }
  ORTFORGE_TRY(branch.patches, read_list(place, "patches", read_patch));
  ORTFORGE_TRY(branch.substitutions, read_list(place, "substitutions", read_substitution));
  ORTFORGE_TRY(branch.options, read_list(place, "cmake", read_option));
  if (place.has("nix")) {
    ORTFORGE_TRY(const JsonPlace nix, place.at("nix"));
    ORTFORGE_TRY(branch.nix, read_nix(nix));
  }
  ORTFORGE_TRY(branch.variables, read_list(place, "variables", read_variable));
  if (place.has("isas")) {
    ORTFORGE_TRY(const JsonPlace isas, place.at("isas"));
    ORTFORGE_TRY(branch.isas, read_isa_changes(isas));
  }
  if (place.has("requires")) {
    ORTFORGE_TRY(const JsonPlace required, place.at("requires"));
    ORTFORGE_TRY(const auto required_members, required.members());
    for (const auto& [product, member] : required_members) {
      ORTFORGE_TRY(branch.required[product], member.string());
    }
  }
  return branch;
}

}  // namespace

Result<Product> read_product(const JsonPlace& document) {
  ORTFORGE_CHECK(document.only({"$schema", "format", "product", "title", "license", "default_branch",
                                "default", "short_prefix", "pipelines", "branches"}));
  ORTFORGE_CHECK(check_format(document));
  Product product;
  ORTFORGE_TRY(product.name, document.string("product"));
  if (const std::string stem = std::filesystem::path(document.file()).stem().string(); product.name != stem) {
    ORTFORGE_TRY(const JsonPlace name, document.at("product"));
    return name.error(fmt::format("expected \"{}\", the name of the file, found \"{}\"", stem, product.name));
  }
  ORTFORGE_TRY(product.is_default, document.boolean_or("default", false));
  ORTFORGE_TRY(product.title, document.string_or("title", product.name));
  ORTFORGE_TRY(product.license, document.string_or("license", ""));
  ORTFORGE_TRY(product.short_prefix, document.string_or("short_prefix", product.name));
  ORTFORGE_TRY(product.default_branch, document.string("default_branch"));
  ORTFORGE_TRY(const Pipelines pipelines, read_pipelines(document));
  ORTFORGE_TRY(const JsonPlace section, document.at("branches"));
  ORTFORGE_TRY(const std::vector<ResolvedBranch> resolved, resolve_inheritance(section));
  for (const ResolvedBranch& branch : resolved) {
    const JsonPlace place(branch.value, section.file(), member_path(section.path(), branch.name));
    ORTFORGE_TRY(Branch read, read_branch(branch.name, place, pipelines));
    product.branches.emplace(branch.name, std::move(read));
  }
  ORTFORGE_TRY(const auto members, section.members());
  for (const auto& [name, place] : members) product.branch_order.push_back(name);
  return product;
}

}  // namespace ortforge::matrix_reader

#include "component_values.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

std::string python_tag(const std::string& python) {
  std::string tag = "python";
  for (const char c : python) {
    if (c != '.') tag += c;
  }
  return tag;
}

std::string accelerator_of(const Variant& variant) {
  return variant.is_cuda() ? "cuda" : "cpu";
}

// How a scope writes the axes that variants of one accelerator differ in.
struct ScopeAxes {
  std::string line;
  std::string sm;
  std::string isa;
  std::string python;
};

std::string scope_with(const ComponentPlace& place, const ScopeAxes& axes) {
  const Variant& variant = place.variant;
  const Component& component = place.component;
  std::string scope = place.product.name + "-" + place.branch.version + "-" + component.name;
  if (variant.is_cuda() && has_axis(component, "cuda")) {
    scope += "-" + axes.line;
  } else if (has_axis(component, "accelerator")) {
    scope += "-" + accelerator_of(variant);
  }
  if (variant.sm && has_axis(component, "sm")) scope += "-" + axes.sm;
  if (has_axis(component, "isa")) {
    scope += "-" + axes.isa;
  } else if (has_axis(component, "platform")) {
    scope += "-" + variant.platform;
  }
  if (!variant.python.empty() && has_axis(component, "python")) scope += "-" + axes.python;
  return scope;
}

}  // namespace

bool has_axis(const Component& component, std::string_view axis) {
  return std::find(component.axes.begin(), component.axes.end(), axis) != component.axes.end();
}

bool runs_setup_py(const Component& component) {
  return component.kind == "build" && component.front_end == "setup.py";
}

ComponentPlace tree_place(const ComponentPlace& place) {
  const auto& components = place.branch.components;
  const auto base = std::find_if(components.begin(), components.end(), [&](const Component& other) {
    return other.name == place.component.continues;
  });
  const Component& owner = base == components.end() ? place.component : *base;
  return {place.matrix, place.product, place.branch, place.line, place.variant, owner, place.options};
}

std::string scope_of(const ComponentPlace& place) {
  const Variant& variant = place.variant;
  const std::string sm = variant.sm ? fmt::format("sm{}", *variant.sm) : std::string();
  return scope_with(place, {place.line.name, sm, variant.isa, python_tag(variant.python)});
}

std::string siblings_of(const ComponentPlace& place) {
  return scope_with(place, {"cuda*", "sm*", "*", "python*"});
}

std::string cache_namespace_of(const ComponentPlace& place) {
  const Variant& variant = place.variant;
  std::string text = place.component.baseline ? variant.platform : variant.isa;
  const auto change = place.branch.isas.find(variant.isa);
  if (!place.component.baseline && change != place.branch.isas.end() && !change->second.flags.empty())
    text += "-" + place.product.name;
  if (variant.sm && has_axis(place.component, "sm")) {
    text += fmt::format("-{}-sm{}", place.line.name, *variant.sm);
  }
  return text;
}

std::vector<std::string> outputs_of(const ComponentPlace& place) {
  std::vector<std::string> outputs;
  for (const char* name : {"lib", "wheel"}) {
    const bool possible = std::string_view(name) != "wheel" || !place.variant.python.empty();
    if (possible && place.options.outputs.contains(name)) outputs.emplace_back(name);
  }
  return outputs;
}

PlaceholderValues placeholders_of(const ComponentPlace& place, const std::string& root_prefix) {
  const Variant& variant = place.variant;
  const Component& component = place.component;
  const Component& tree = tree_place(place).component;
  PlaceholderValues values{
      {"component", component.name},
      {"product", place.product.name},
      {"version", place.branch.version},
      {"build", root_prefix + "build/" + tree.name},
      {"out", root_prefix + "out/" + component.name},
      {"recipe", root_prefix + "recipe"},
      {"source_directory", root_prefix + "src/" + tree.source_directory},
      {"outputs", join(outputs_of(place), ";")},
  };
  if (const auto numbers = split(place.branch.version, '.'); numbers.size() > 1)
    values["version_minor"] = numbers[1];
  for (const auto& [name, branch] : place.branch.required)
    values["version." + name] = place.matrix.products.at(name).branches.at(branch).version;
  for (const auto& [name, source] : place.branch.sources)
    values["src." + name] = fmt::format("{}src/{}", root_prefix, name);
  for (const std::string& need : component.needs) {
    if (need != "prepare") values["out." + need] = fmt::format("{}out/{}", root_prefix, need);
  }
  if (has_axis(component, "isa")) values["isa"] = variant.isa;
  if (has_axis(component, "platform") || has_axis(component, "isa")) {
    values["platform"] = variant.platform;
    values["machine"] = place.matrix.hardware.platforms.at(variant.platform).machine;
  }
  if (has_axis(component, "accelerator")) values["accelerator"] = accelerator_of(variant);
  if (has_axis(component, "python") && !variant.python.empty()) {
    values["python"] = variant.python;
    values["python_tag"] = python_tag(variant.python);
  }
  if (variant.is_cuda()) {
    if (has_axis(component, "sm")) {
      values["sm"] = std::to_string(*variant.sm);
      const auto sm = place.matrix.hardware.sms.find(*variant.sm);
      if (sm != place.matrix.hardware.sms.end()) values["compute_capability"] = sm->second.compute_capability;
    }
    if (has_axis(component, "cuda")) {
      values["cuda"] = variant.cuda;
      values["cuda_major"] = split(variant.cuda, '.').front();
      values["toolkit"] = root_prefix + "toolkit";
      const bool elsewhere = !place.line.cuda_home.empty() && !place.options.installed_toolkit;
      values["cuda_home"] = elsewhere ? place.line.cuda_home : values["toolkit"];
    }
  }
  if (component.kind == "package" || component.kind == "test") values["variant"] = variant.name;
  return values;
}

TemplateValues template_values_of(const ComponentPlace& place) {
  TemplateValues values;
  for (const auto& [name, text] : placeholders_of(place, "")) {
    std::string key = name;
    std::replace(key.begin(), key.end(), '.', '_');
    values.texts[key] = text;
  }
  values.texts["scope"] = scope_of(place);
  values.texts["title"] = place.product.title;
  const std::vector<std::string> outputs = outputs_of(place);
  for (const char* name : {"lib", "wheel"}) {
    values.switches[name] = std::find(outputs.begin(), outputs.end(), name) != outputs.end();
  }
  values.switches["gpu"] = place.variant.is_cuda() && has_axis(place.component, "cuda");
  return values;
}

std::vector<std::string> flags_of(const ComponentPlace& place) {
  if (place.component.baseline)
    return place.matrix.hardware.platforms.at(place.variant.platform).baseline_flags;
  return isa_of(place.matrix, place.branch, place.variant.isa).flags;
}

Result<HeavyTargets> heavy_of(const ComponentPlace& place) {
  HeavyTargets all;
  const auto add = [&all](const ComponentPlace& owner) -> Result<void> {
    const HeavyTargets& own = owner.component.heavy;
    const std::string where = fmt::format("{} {}: heavy targets of {}", owner.product.name, owner.branch.name,
                                          owner.component.name);
    ORTFORGE_TRY(const bool in, applies(own.when, owner, where));
    if (!in) return {};
    all.targets.insert(all.targets.end(), own.targets.begin(), own.targets.end());
    all.peak_bytes = std::max(all.peak_bytes, own.peak_bytes);
    return {};
  };
  const ComponentPlace tree = tree_place(place);
  ORTFORGE_CHECK(add(tree));
  if (&tree.component != &place.component) ORTFORGE_CHECK(add(place));
  return all;
}

Result<bool> applies(const std::string& when, const ComponentPlace& place, const std::string& where) {
  if (when.empty()) return true;
  const auto filter = Filter::parse(when);
  if (!filter) return fail(ErrorKind::bad_input, "{}: {}", where, filter.error().message);
  return filter->matches(place.variant, "cmake", place.component.name);
}

}  // namespace ortforge::recipe_detail

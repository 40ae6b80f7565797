#include "presets.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

constexpr const char* kRoot = "${fileDir}/../";

Result<void> add_options(Json& variables, const std::vector<CmakeOption>& options,
                         const ComponentPlace& place, const PlaceholderValues& values) {
  ORTFORGE_TRY(const std::vector<CmakeOption> chosen, chosen_options(options, place, values));
  for (const CmakeOption& option : chosen)
    variables[option.name] = {{"type", option.type}, {"value", option.value}};
  return {};
}

// What the line leaves out concerns the components that are built with its toolkit.
void add_features_off(Json& variables, const ComponentPlace& place) {
  if (!place.variant.is_cuda() || !has_axis(place.component, "cuda")) return;
  for (const FeatureOff& feature : place.line.features_off)
    variables[feature.option] = {{"type", "BOOL"}, {"value", "OFF"}};
}

}  // namespace

Result<std::vector<CmakeOption>> chosen_options(const std::vector<CmakeOption>& options,
                                                const ComponentPlace& place,
                                                const PlaceholderValues& values) {
  const std::vector<std::string> outputs = outputs_of(place);
  const auto asked_for = [&](const std::string& output) {
    return std::find(outputs.begin(), outputs.end(), output) != outputs.end();
  };
  std::vector<CmakeOption> chosen;
  for (const CmakeOption& option : options) {
    if (!option.output.empty() && !asked_for(option.output)) continue;
    if (!option.without.empty() && asked_for(option.without)) continue;
    const std::string where =
        fmt::format("{} {}: CMake option {}", place.product.name, place.branch.name, option.name);
    ORTFORGE_TRY(const bool wanted, applies(option.when, place, where));
    if (!wanted) continue;
    CmakeOption expanded = option;
    if (expanded.type.empty()) expanded.type = "STRING";
    ORTFORGE_TRY(expanded.value, expand_placeholders(option.value, values, where));
    chosen.push_back(std::move(expanded));
  }
  return chosen;
}

Result<ComponentPresets> presets_of(const ComponentPlace& place) {
  const std::string& name = place.component.name;
  // A component that continues another configures the same tree, with options of its own on top.
  const ComponentPlace tree = tree_place(place);
  const std::string& tree_name = tree.component.name;
  const PlaceholderValues tree_values = placeholders_of(tree, kRoot);
  Json variables;
  variables["CMAKE_BUILD_TYPE"] = "Release";
  variables["CMAKE_INSTALL_PREFIX"] = {{"type", "PATH"},
                                       {"value", fmt::format("{}out/{}", kRoot, tree_name)}};
  variables["CMAKE_INSTALL_LIBDIR"] = "lib";
  variables["CMAKE_EXPORT_COMPILE_COMMANDS"] = "ON";
  variables["CMAKE_PROJECT_INCLUDE"] = {{"type", "FILEPATH"}, {"value", "${fileDir}/hook.cmake"}};
  ORTFORGE_TRY(const HeavyTargets heavy, heavy_of(place));
  if (!heavy.targets.empty()) {
    variables["CMAKE_PROJECT_INCLUDE_BEFORE"] = {{"type", "FILEPATH"}, {"value", "${fileDir}/heavy.cmake"}};
    variables["ORTFORGE_HEAVY_TARGETS"] = join(heavy.targets, ";");
  }
  add_features_off(variables, tree);
  ORTFORGE_CHECK(add_options(variables, place.branch.options, tree, tree_values));
  ORTFORGE_CHECK(add_options(variables, tree.component.options, tree, tree_values));
  const PlaceholderValues values = placeholders_of(place, kRoot);
  if (name != tree_name) ORTFORGE_CHECK(add_options(variables, place.component.options, place, values));

  ComponentPresets presets;
  presets.configure = {{"name", name},
                       {"displayName", scope_of(place)},
                       {"generator", "Ninja"},
                       {"toolchainFile", "${fileDir}/toolchain/" + tree_name + ".cmake"},
                       {"binaryDir", fmt::format("{}build/{}", kRoot, tree_name)},
                       {"cacheVariables", std::move(variables)}};
  presets.build = {{"name", name}, {"configurePreset", name}};
  std::vector<std::string> targets;
  for (const std::string& target : place.component.targets) {
    ORTFORGE_TRY(
        std::string expanded,
        expand_placeholders(target, values, fmt::format("{}: targets of {}", place.product.name, name)));
    targets.push_back(std::move(expanded));
  }
  if (!targets.empty()) presets.build["targets"] = targets;
  presets.test = {{"name", name}, {"configurePreset", name}, {"output", {{"outputOnFailure", true}}}};
  return presets;
}

std::string presets_file(const std::vector<ComponentPresets>& components) {
  Json file;
  file["version"] = 4;
  file["cmakeMinimumRequired"] = {{"major", 3}, {"minor", 23}, {"patch", 0}};
  for (const char* member : {"configurePresets", "buildPresets", "testPresets"}) file[member] = Json::array();
  for (const ComponentPresets& component : components) {
    file["configurePresets"].push_back(component.configure);
    file["buildPresets"].push_back(component.build);
    file["testPresets"].push_back(component.test);
  }
  return file.dump(2) + "\n";
}

}  // namespace ortforge::recipe_detail

// CMakePresets.json of a recipe (cmake-presets(7), version 4: CMake 3.23 and newer).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "component_values.hpp"

#include "ortforge/base/json_reader.hpp"

namespace ortforge::recipe_detail {

// Configure, build and test preset of one component, as the three members of the file.
struct ComponentPresets {
  Json configure;
  Json build;
  Json test;
};

// The options that apply to the component and the outputs asked for, in order, with their values expanded; of
// two with one name the later counts. Error: bad_input for an unknown placeholder or filter field.
Result<std::vector<CmakeOption>> chosen_options(const std::vector<CmakeOption>& options,
                                                const ComponentPlace& place, const PlaceholderValues& values);

// Error: bad_input for an unknown placeholder or filter field in an option.
Result<ComponentPresets> presets_of(const ComponentPlace& place);

// The file with the presets of these components, in order.
std::string presets_file(const std::vector<ComponentPresets>& components);

}  // namespace ortforge::recipe_detail

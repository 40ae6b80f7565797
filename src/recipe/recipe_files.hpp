// The recipe files that one step sees.
#pragma once

#include <map>
#include <string>

#include "component_values.hpp"

#include "ortforge/recipe/recipe.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge::recipe_detail {

inline constexpr const char* kPresetsFile = "CMakePresets.json";

// Files one step sees, by path below recipe/: what its kind brings (prepare.cmake; presets, toolchain and
// hook, or what runs setup.py) and the templates that its `files` patterns name ("test/*", "package.cmake"):
// the product's own or, failing that, the common ones, or those in a folder of their own ("rust/*"). Errors:
// as TemplateFolder::render; bad_input for a pattern that matches nothing.
Result<std::map<std::string, std::string>> step_files(const ComponentPlace& place,
                                                      const TemplateFolder& templates);

}  // namespace ortforge::recipe_detail

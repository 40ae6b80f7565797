// The files of a recipe: which a step sees, and those for people and programs that read the whole.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "component_values.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge::recipe_detail {

inline constexpr const char* kPresetsFile = "CMakePresets.json";

// Files one step sees, by path below recipe/: what its kind brings (prepare.cmake; presets, toolchain and hook) and the
// product's templates that its `files` patterns name ("test/*", "package.cmake").
// Errors: as render_template_file; bad_input for a pattern that matches nothing.
Result<std::map<std::string, std::string>> step_files(const ComponentPlace& place, const std::filesystem::path& templates,
                                                      const std::set<std::string>& outputs);

// recipe.json: every step as argv vectors with its environment (docs/json/recipe.schema.json).
std::string recipe_json(const Recipe& recipe, const Product& product, const Branch& branch, const Variant& variant);

// How to use the recipe by hand.
Result<std::string> recipe_readme(const Recipe& recipe, const Product& product, const Branch& branch, const Variant& variant,
                                  const std::filesystem::path& templates);

}  // namespace ortforge::recipe_detail

// What `generate` says: text and JSON (docs/json/generate.schema.json).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/recipe/recipe_tree.hpp"

namespace ortforge {

// `written`: the differences were taken away; else they were only found.
std::string recipes_text(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written, const std::filesystem::path& folder);
std::string recipes_json(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written);

}  // namespace ortforge

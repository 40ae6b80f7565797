// What `generate` says: text and JSON (docs/json/generate.schema.json).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/recipe/recipe_tree.hpp"
#include "ortforge/source/git_commit.hpp"

namespace ortforge {

// `written`: the differences were taken away; else they were only found.
std::string recipes_text(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written, const std::filesystem::path& folder);
// `committed`: what --commit did; null: nothing was to be committed.
std::string recipes_json(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written, const GitCommitted* committed = nullptr);

// "36 recipes on branch nix: commit 0123456789ab", or that the branch held them already.
std::string committed_text(const std::vector<RecipeSet>& sets, const GitCommitted& committed);

}  // namespace ortforge

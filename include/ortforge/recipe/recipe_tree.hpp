// The folder that `ortforge generate` writes: <product>/<branch>/<backend>/<full variant name>/..., for Nix
// <product>/<branch>/nix/.flox/pkgs/<full variant name>.nix.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ortforge/recipe/recipe.hpp"

namespace ortforge {

// Recipes of one branch for one backend.
struct RecipeSet {
  std::filesystem::path directory;  // "onnxruntime/ort-1.21/cmake", relative to the recipes folder
  std::vector<Recipe> recipes;
  bool whole_branch = false;  // every feasible variant is here: folders of other variants are stale
  bool flat = false;          // files of recipes lie in `directory`, not in a folder for each variant
  std::map<std::string, std::string> files;  // of the branch as a whole (path below `directory` -> content)
  std::string owned;  // whole branch: the folder below `directory` whose files all are of recipes; empty: all
};

// One file that is not as it would be written.
struct RecipeDifference {
  enum class Kind {
    missing,    // would be written
    different,  // would change
    stale,      // belongs to no recipe, would be removed
  };
  std::filesystem::path file;  // relative to the recipes folder
  Kind kind = Kind::missing;
  std::size_t line = 0;  // different: first line that differs, from 1, and what it is and should be
  std::string found;
  std::string expected;

  bool operator==(const RecipeDifference&) const = default;
};

// "different: FILE:LINE: found '...', expected '...'", "missing: FILE", "stale: FILE".
std::string describe(const RecipeDifference& difference);

// Renders every feasible variant of a branch for the CMake backend, in the order of `variants_of`. Errors: as
// render_cmake_recipe.
Result<RecipeSet> render_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                                const TemplateFolder& templates, const RecipeOptions& options);

// Everything that sets hold, by path below the recipes folder.
std::map<std::string, std::string> files_in(const std::vector<RecipeSet>& sets);

// Compares a recipes folder with what would be written, sorted by file; writes nothing. Error: missing
// (unreadable file).
Result<std::vector<RecipeDifference>> compare_recipes(const std::vector<RecipeSet>& sets,
                                                      const std::filesystem::path& folder);

// Makes a recipes folder hold these recipes: writes what is missing or different, removes what is stale,
// touches nothing else. Returns what was done. Errors: missing (read-only folder, full disk).
Result<std::vector<RecipeDifference>> write_recipes(const std::vector<RecipeSet>& sets,
                                                    const std::filesystem::path& folder);

}  // namespace ortforge

// A tree of hand-kept Nix recipes against the matrix: `ortforge import`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/matrix/name.hpp"
#include "ortforge/matrix/nix_recipe.hpp"
#include "ortforge/matrix/variant_range.hpp"

namespace ortforge {

// One file of the tree.
struct ImportedRecipe {
  std::string name;  // full name of a variant, after the file
  Result<NixRecipe> recipe;
};

struct RecipeTree {
  std::filesystem::path directory;      // where the recipes lie
  std::vector<ImportedRecipe> recipes;  // by name
};

// Something about recipes that the matrix says otherwise.
struct ImportFinding {
  std::string kind;  // "unreadable", "name", "gpu", "flags", "version", "source", "pin", "toolkit", "python",
                     // "platforms", "feasibility"
  std::string message;
  std::vector<std::string> recipes;  // full names; each has it

  bool operator==(const ImportFinding&) const = default;
};

struct ImportReport {
  std::string product;
  std::string branch;
  std::size_t recipes = 0;
  std::vector<VariantRange> only_in_matrix;  // without those that the Nix backend cannot build
  std::vector<std::string> only_in_tree;     // full names
  std::vector<ImportFinding> findings;

  bool empty() const { return only_in_matrix.empty() && only_in_tree.empty() && findings.empty(); }
};

// Reads the recipes of DIR/.flox/pkgs, or of DIR itself where there is no such folder: NAME.nix and
// NAME/default.nix. A file that cannot be made sense of is kept with its error. Error: bad_input when there
// is no recipe, or more than 10,000.
Result<RecipeTree> read_recipe_tree(const std::filesystem::path& directory);

// The branch that shares most names with the tree, then most versions; where several do, the default
// product's or branch's, then the first. `product`: only its branches; empty: all. Error: bad_input when no
// branch has a name of the tree.
Result<BranchChoice> likeliest_branch(const Matrix& matrix, const RecipeTree& tree,
                                      const std::string& product = {});

// Every difference between the tree and a branch, findings that several recipes share as one.
ImportReport compare_tree(const Matrix& matrix, const BranchChoice& choice, const RecipeTree& tree);

}  // namespace ortforge

// Recipes for the Nix backend (docs/nix.md): an expression for each variant, and beside them what makes a
// branch of them usable with Flox and as a flake.
#pragma once

#include <string>

#include "ortforge/matrix/matrix.hpp"
#include "ortforge/recipe/recipe_tree.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge {

// The expression of one variant, as a recipe of one file: ".flox/pkgs/NAME.nix". Errors: bad_input when the
// variant is infeasible (rule and fact), when the matrix holds what cannot be written in Nix, when a template
// names an unknown key; missing when a template cannot be read.
Result<Recipe> render_nix_recipe(const Matrix& matrix, const Variant& variant,
                                 const TemplateFolder& templates);

// Every feasible variant of a branch, with flake.nix, .flox/env and README.md, which lists the others.
// Errors: as render_nix_recipe.
Result<RecipeSet> render_nix_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                                    const TemplateFolder& templates);

}  // namespace ortforge

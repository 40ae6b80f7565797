// One hand-kept recipe against its variant. Inner header of `matrix`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ortforge/matrix/import.hpp"

namespace ortforge::matrix_import {

// Kind and message of an ImportFinding.
using Difference = std::pair<std::string, std::string>;

// The version that a recipe's comment or description gives the product: what follows its title. Empty: none.
std::string version_said(const NixRecipe& recipe, const std::string& title);

// Everything in which a recipe is not what the matrix says of the variant it is named after.
std::vector<Difference> compare_recipe(const Matrix& matrix, const BranchChoice& choice,
                                       const Variant& variant, const NixRecipe& recipe);

}  // namespace ortforge::matrix_import

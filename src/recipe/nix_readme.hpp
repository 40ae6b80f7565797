// What Nix recipes say for people: headers and descriptions of variants, tables of a branch.
#pragma once

#include <vector>

#include "ortforge/matrix/matrix.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge::recipe_detail {

// GPU, CPU, driver, versions and description of a variant.
TemplateValues nix_variant_values(const Matrix& matrix, const Product& product, const Branch& branch,
                                  const Variant& variant);

// Values of flake.nix, manifest.toml and README.md of a branch with these variants.
TemplateValues nix_branch_values(const Matrix& matrix, const Product& product, const Branch& branch,
                                 const std::vector<Variant>& variants);

}  // namespace ortforge::recipe_detail

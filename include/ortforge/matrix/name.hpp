// Names of variants: `[product/][branch:]variant`, short or full (design.md, Naming).
#pragma once

#include <string>
#include <string_view>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// What the command line or the project file says beside the name itself; empty: not said.
struct NameScope {
  std::string product;
  std::string branch;
  std::string cuda;    // "12.4" or "cuda12_4"
  std::string python;  // "3.12" or "python312"
};

// Finds the one variant a name stands for. Error: bad_input, naming the nearest names; a name that is known on other
// branches or products is answered with those.
Result<Variant> resolve_variant(const Matrix& matrix, std::string_view name, const NameScope& scope);

// The product and branch a scope stands for: the product's default branch where none is named. Error: bad_input.
struct BranchChoice {
  const Product* product = nullptr;
  const Branch* branch = nullptr;
};
Result<BranchChoice> resolve_branch(const Matrix& matrix, const NameScope& scope);

}  // namespace ortforge

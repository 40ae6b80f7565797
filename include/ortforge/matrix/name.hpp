// Names of variants: `[product/][branch:]variant`, short or full (README, Names).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// What is said beside the name itself; empty: not said.
struct NameScope {
  // By flags; a name may repeat them, not contradict them.
  std::string product;
  std::string branch;
  std::string cuda;    // "12.4" or "cuda12_4"
  std::string python;  // "3.12" or "python312"
  // What is meant where neither name nor flag says it, instead of the matrix's own defaults.
  std::string default_product;
  std::string default_branch;  // counts for the default product only: others have other branches
};

// Parts of names: "13.0" -> "cuda13_0", "3.13" -> "python313".
std::string cuda_part(std::string_view version);
std::string python_part(std::string_view version);

// "cuda13_0-sm90-avx512" or "cpu-avx2" behind the product's prefix and its Python; `sm` is empty for CPU
// variants.
std::string full_name(const Product& product, const Line& line, std::optional<int> sm, std::string_view isa);
// "sm90-avx512" or "cpu-avx2".
std::string short_name(std::optional<int> sm, std::string_view isa);

// Finds the one variant a name stands for: a full name, or a short name on the default line of its
// accelerator (`cuda` and `python` of the scope choose another line). A full name of another product chooses
// that product when none is named. Error: bad_input, naming the nearest names; a name that is known on other
// lines, branches or products is answered with those.
Result<Variant> resolve_variant(const Matrix& matrix, std::string_view name, const NameScope& scope);

// The product and branch a scope stands for: the defaults where none is named. Error: bad_input.
struct BranchChoice {
  const Product* product = nullptr;
  const Branch* branch = nullptr;
};
Result<BranchChoice> resolve_branch(const Matrix& matrix, const NameScope& scope);

// The branch that `[product/]branch` names; the scope says the product where the name does not, its branch
// does not count. Error: bad_input, naming the nearest names.
Result<BranchChoice> resolve_branch(const Matrix& matrix, std::string_view name, NameScope scope);

}  // namespace ortforge

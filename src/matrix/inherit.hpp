// Inheritance between branches: a branch that says `inherits` is its parent with its own members merged onto
// it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ortforge/base/json_reader.hpp"

namespace ortforge::matrix_reader {

// A branch with everything it inherits; `inherits` itself stays as the branch said it.
struct ResolvedBranch {
  std::string name;
  Json value;
};

// Every branch of an object of branches, parents before children, otherwise in file order. The merge is a
// JSON merge patch (RFC 7396): members replace members, null removes one, arrays are replaced whole. Errors:
// bad_input for a parent that is not there (with the nearest name) or a circle.
Result<std::vector<ResolvedBranch>> resolve_inheritance(const JsonPlace& branches);

}  // namespace ortforge::matrix_reader

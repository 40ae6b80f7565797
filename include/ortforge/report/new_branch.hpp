// What `branch new` says: text and JSON (docs/json/branch.schema.json).
#pragma once

#include <string>

#include "ortforge/matrix/new_branch.hpp"

namespace ortforge {

std::string new_branch_text(const BranchAddition& addition, const BranchChoice& parent,
                            const std::string& name, const std::string& version);
std::string new_branch_json(const BranchAddition& addition, const BranchChoice& parent,
                            const std::string& name, const std::string& version);

}  // namespace ortforge

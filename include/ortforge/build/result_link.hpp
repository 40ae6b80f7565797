// Result links: `result-<full name>` in the user's folder, pointing at the store; they are what gc keeps.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// "result-<full name>" for a product's default branch, else "result-<branch>-<full name>".
std::string result_link_name(const std::string& variant, const std::string& branch, bool default_branch);

// Whether a result link could be made here. Errors: as link_result.
Result<void> check_link_place(const std::filesystem::path& link);

// Makes `link` point at a store entry (replacing an older result link by one rename) and notes it under
// home/roots. Error: bad_input when something that is no link stands there; missing when the folder is not
// writable.
Result<void> link_result(const std::filesystem::path& home, const std::filesystem::path& entry,
                         const std::filesystem::path& link);

// Store entries (canonical paths) that a result link still points at; notes of links that are gone are
// dropped, but by a dry run.
Result<std::vector<std::filesystem::path>> linked_entries(const std::filesystem::path& home, bool dry_run = false);

}  // namespace ortforge

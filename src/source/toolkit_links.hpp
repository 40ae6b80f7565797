// Links in the prefix of a toolkit.
#pragma once

#include <filesystem>
#include <string>

#include "ortforge/base/result.hpp"

namespace ortforge {

// Makes the link `link` to `target`, and the folders above it; whatever is there already stays. Error:
// missing.
Result<void> link_to(const std::string& target, const std::filesystem::path& link);

// "libcudart.so" -> "libcudart.so.13" for every versioned library of a folder whose plain name is not there;
// of several versions the shortest name, the SONAME. Nothing where there is no such folder. Error: missing.
Result<void> link_libraries(const std::filesystem::path& folder);

}  // namespace ortforge

// What the libraries of a folder expect to find elsewhere.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// Names of the libraries that those in `folder` or below need (DT_NEEDED) and that are not among them,
// sorted: "libcublas.so.13". Those of glibc, of the compiler and of the CUDA driver are left out: every
// machine in question has its own. Errors: as read_shared_library.
Result<std::vector<std::string>> outside_libraries(const std::filesystem::path& folder);

}  // namespace ortforge

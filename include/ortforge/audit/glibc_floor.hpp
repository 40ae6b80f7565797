// The oldest glibc that a folder of libraries runs with.
#pragma once

#include <filesystem>
#include <string>

#include "ortforge/base/result.hpp"

namespace ortforge {

// The highest version that a shared library in `folder` or below asks of glibc, "2.38"; empty when none asks
// for one or the folder is absent. Links and files of debug information are passed over. Errors, naming the
// file: as read_shared_library.
Result<std::string> glibc_floor(const std::filesystem::path& folder);

}  // namespace ortforge

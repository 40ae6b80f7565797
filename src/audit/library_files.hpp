// The shared libraries of a folder. Inner header of `audit`.
#pragma once

#include <filesystem>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge::audit_detail {

// Files called "libdemo.so" or "libdemo.so.1.2.3" in `folder` or below, in no order; links and files of debug
// information are passed over, an absent folder has none. Error: missing.
Result<std::vector<std::filesystem::path>> library_files(const std::filesystem::path& folder);

}  // namespace ortforge::audit_detail

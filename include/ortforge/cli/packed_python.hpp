// A Python for machines that lack the one a wheel is for.
#pragma once

#include <filesystem>
#include <string>

#include "ortforge/base/result.hpp"

namespace ortforge {

// Lays out the Python of a Debian root with NumPy and the shared libraries that both need, those of glibc and
// the compiler left out, as a folder that can be moved: `folder`/python runs it. Nothing is made where the
// root is the host
// ("/") or has no such Python with NumPy. Files are hard links. Errors: missing, internal.
Result<void> lay_out_python(const std::filesystem::path& root, const std::string& version,
                            const std::filesystem::path& folder);

}  // namespace ortforge

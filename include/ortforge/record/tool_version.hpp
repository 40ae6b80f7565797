// Versions of the programs that a build uses.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Runs an argv and keeps what it wrote; given by the caller, so that it runs inside the environment of the
// build.
using RunTool = std::function<Result<Captured>(const std::vector<std::string>& argv)>;

// The line of a program's version output that says the version: the first that is not blank ("g++
// (Debian 14.2.0-19) 14.2.0"), for NVIDIA's compilers the one with "release". At most 200 bytes, control
// characters left out; empty when there is none.
std::string version_line(std::string_view output);

// The first dotted number of a version line ("14.2.0"), a trailing "-19" or "+dfsg" left out; empty when
// there is none.
std::string version_number(std::string_view line);

// What `program --version` says (`openssl version` for that one, which knows no such option).
// Errors: missing "PROGRAM: no version: ..." when it cannot be started, fails or says nothing; errors of
// `run`.
Result<std::string> tool_version(const std::string& program, const RunTool& run);

// The same for many, as the record keeps it; one that has no version is there as "unknown: ...".
// Error: interrupted when `run` says so.
Result<std::map<std::string, std::string>> tool_versions(const std::vector<std::string>& programs,
                                                         const RunTool& run);

}  // namespace ortforge

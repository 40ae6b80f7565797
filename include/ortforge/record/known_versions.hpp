// Versions of an environment's programs, asked once.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/record/tool_version.hpp"

namespace ortforge {

// tool_versions() that remembers: asking eight programs in sandboxes of their own costs as much CPU time as a
// small build may be slower by. `file` (JSON) keeps the answers for one environment digest and is written
// anew when the digest is another. Only programs for which `covered` is true, those whose change would change
// the digest, are kept; the others, and those without a version, are asked every time. A file that cannot be
// read or written costs the asking, nothing else. Error: interrupted when `run` says so.
Result<std::map<std::string, std::string>> known_tool_versions(
    const std::filesystem::path& file, const Digest& environment, const std::vector<std::string>& programs,
    const std::function<bool(const std::string&)>& covered, const RunTool& run);

}  // namespace ortforge

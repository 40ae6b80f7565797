// Removing trees that a root was made in: mmdebstrap mounts file systems below them while it works.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"

namespace ortforge {

// The first mount point in the text of /proc/<process>/mountinfo (proc(5)) that is `folder` or lies below it.
// `folder` is canonical, as mount points are.
std::optional<std::string> mount_within(std::string_view mountinfo, const std::filesystem::path& folder);

// As remove_tree, but never through a mount that somebody left. Error: missing, naming the mount.
Result<void> remove_unmounted(const std::filesystem::path& path);

}  // namespace ortforge

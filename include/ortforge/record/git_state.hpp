// Which commit a folder of a git repository stands at.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ortforge {

struct GitState {
  std::string commit;  // 40 hex digits; empty in a repository without a commit, or when unknown
  bool clean =
      true;  // nothing below the folder is changed, added, removed or untracked (ignored files do not count)
  std::string unknown;  // why commit and cleanliness are not known; empty when they are

  bool operator==(const GitState&) const = default;
};

// The state of a folder, read through libgit2; changes outside of it do not count. Nothing when the folder is
// in no repository, or is ignored by the one around it. A repository that git refuses to read (owned by
// another user: git's safe.directory, or damaged) gives `unknown`: not to know this is no reason to stop a
// build.
std::optional<GitState> git_state(const std::filesystem::path& directory);

}  // namespace ortforge

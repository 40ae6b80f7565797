// Files as a commit on a branch of a git repository, by libgit2, without a work tree.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "ortforge/base/result.hpp"

namespace ortforge {

struct GitCommitted {
  std::string branch;
  std::string commit;  // 40 hexadecimal digits: the tip of the branch now
  bool made = false;   // false: the tip held these files already, and nothing was written to the branch

  bool operator==(const GitCommitted&) const = default;
};

// Makes `files` (path -> content) the whole tree of a new commit on a local branch of the repository around
// `directory`: its parent is the branch's tip, or none where there is no such branch yet; author and
// committer are those of git's configuration. Work tree, index and HEAD stay as they are. Errors: bad_input
// (no repository, no name for a branch, a branch that is checked out, no files); missing (libgit2, an author
// in git's configuration, no right, full disk).
Result<GitCommitted> commit_files(const std::filesystem::path& directory, const std::string& branch,
                                  const std::map<std::string, std::string>& files,
                                  const std::string& message);

}  // namespace ortforge

// Source trees out of git repositories by libgit2 (1.5: whole histories; it cannot fetch shallowly).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

struct GitOptions {
  bool submodules = false;                       // recursively, at the commits the tree names
  std::map<std::string, std::string> variables;  // proxies; GIT_SSL_CAINFO, SSL_CERT_FILE, SSL_CERT_DIR
  const Interrupt* interrupt = nullptr;
  std::function<void(std::uint64_t, std::uint64_t)> progress;  // bytes received, 0
};

struct GitTree {
  std::string commit;       // 40 hexadecimal digits
  std::uint64_t bytes = 0;  // received
};

// Makes `target` (absent) the tree of a tag (annotated or not) or commit (40 hexadecimal digits) of the
// repository at `url`: https, http, git or file addresses, or a path; nobody is asked for credentials, so no
// ssh. No .git is left in it, line endings and modes are as recorded whatever the user's git configuration
// says. A failure may leave part of `target`. Errors: missing (network, no such repository, tag or commit;
// near names), bad_input (links or submodules that leave the tree), interrupted.
Result<GitTree> export_git_tree(const std::string& url, const std::string& revision,
                                const std::filesystem::path& target, const GitOptions& options);

}  // namespace ortforge

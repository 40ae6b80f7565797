// libgit2's objects as owning handles, its errors as ours. Private to src/source/git*.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ortforge/base/text.hpp"
#include "ortforge/source/git.hpp"
#include "ortforge/source/late_git.hpp"

namespace ortforge::git {

// libgit2 counts its users; this is one of them. The library must be open.
class Library {
 public:
  Library() { git_libgit2_init(); }
  ~Library() { git_libgit2_shutdown(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

template <class T, const auto& Free>
struct Freer {
  void operator()(T* object) const { Free(object); }
};
using Repository = std::unique_ptr<git_repository, Freer<git_repository, git_repository_free>>;
using Remote = std::unique_ptr<git_remote, Freer<git_remote, git_remote_free>>;
using Object = std::unique_ptr<git_object, Freer<git_object, git_object_free>>;
using Config = std::unique_ptr<git_config, Freer<git_config, git_config_free>>;
using Index = std::unique_ptr<git_index, Freer<git_index, git_index_free>>;
using Tree = std::unique_ptr<git_tree, Freer<git_tree, git_tree_free>>;

// One export with its submodules, as the callbacks see it.
struct Job {
  const GitOptions* options = nullptr;
  std::uint64_t earlier_bytes = 0;  // of the repositories fetched before the present one
  std::uint64_t present_bytes = 0;

  bool interrupted() const { return options->interrupt != nullptr && options->interrupt->requested(); }
};

// The error of the libgit2 call that has just failed.
inline tl::unexpected<Error> failed(const Job& job, const std::string& what) {
  if (job.interrupted()) return fail(ErrorKind::interrupted, "{}: interrupted", what);
  const git_error* last = git_error_last();
  return fail(ErrorKind::missing, "{}: {}", what, last != nullptr ? trim(last->message) : "unknown reason");
}

// Fetches a tag or commit of `url` into the repository (git_fetch.cpp). Error as export_git_tree.
Result<git_oid> fetch_commit(Job& job, git_repository* repository, const std::string& url,
                             const std::string& revision);

}  // namespace ortforge::git

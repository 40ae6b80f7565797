#include "ortforge/record/git_state.hpp"

#include <array>
#include <memory>
#include <system_error>

#include <fmt/core.h>

#include "ortforge/source/late_git.hpp"

namespace ortforge {
namespace {

// libgit2 counts its users; its last one frees what it holds. The library must be open.
class LibraryUse {
 public:
  LibraryUse() { git_libgit2_init(); }
  ~LibraryUse() { git_libgit2_shutdown(); }
  LibraryUse(const LibraryUse&) = delete;
  LibraryUse& operator=(const LibraryUse&) = delete;
};

struct Free {
  void operator()(git_repository* repository) const { git_repository_free(repository); }
  void operator()(git_status_list* list) const { git_status_list_free(list); }
};

std::string last_message() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "no reason given";
}

GitState not_known(std::string reason) {
  GitState state;
  state.clean = false;
  state.unknown = std::move(reason);
  return state;
}

// Whether a work tree may be around the folder. libgit2 reads every certificate authority of the machine when
// it starts.
bool may_be_in_work_tree(const std::filesystem::path& folder) {
  for (std::filesystem::path at = folder;; at = at.parent_path()) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(at / ".git", error);
    if (status.type() != std::filesystem::file_type::not_found) return true;
    if (!at.has_relative_path()) return false;
  }
}

// Whether there is a repository, whoever owns it.
bool repository_around(const std::filesystem::path& folder) {
  git_buf path{};
  const int code = git_repository_discover(&path, folder.c_str(), 0, nullptr);
  git_buf_dispose(&path);
  return code == 0;
}

// The commit that HEAD names; empty when there is none yet. False when it cannot be read.
bool read_head(git_repository* repository, std::string& commit) {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository, "HEAD");
  if (code == GIT_ENOTFOUND || code == GIT_EUNBORNBRANCH) return true;
  if (code != 0) return false;
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  commit = git_oid_tostr(text.data(), text.size(), &id);
  return true;
}

}  // namespace

std::optional<GitState> git_state(const std::filesystem::path& directory) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::canonical(directory, error);
  if (error || !may_be_in_work_tree(folder)) return std::nullopt;
  if (const auto opened = libgit2.open(); !opened) return not_known(opened.error().message);
  const LibraryUse library;

  git_repository* opened = nullptr;
  const int code = git_repository_open_ext(&opened, folder.c_str(), 0, nullptr);
  const std::unique_ptr<git_repository, Free> repository(opened);
  // libgit2 1.5 answers "not found" for a repository of another user when git's configuration has no
  // safe.directory at all, and GIT_EOWNER only when it has one.
  if (code == GIT_ENOTFOUND && !repository_around(folder)) return std::nullopt;
  if (code == GIT_EOWNER || code == GIT_ENOTFOUND) {
    return not_known("its git repository belongs to another user and is not in git's safe.directory");
  }
  if (code != 0) return not_known("its git repository cannot be read: " + last_message());

  const char* top = git_repository_workdir(repository.get());
  if (top == nullptr) return std::nullopt;
  const std::filesystem::path root = std::filesystem::canonical(top, error);
  if (error) return not_known(fmt::format("its git work tree {} cannot be read: {}", top, error.message()));
  std::string below = folder.lexically_relative(root).generic_string();
  if (below == ".") below.clear();

  int ignored = 0;
  if (!below.empty() && git_status_should_ignore(&ignored, repository.get(), (below + "/").c_str()) == 0 &&
      ignored != 0) {
    return std::nullopt;
  }

  GitState state;
  if (!read_head(repository.get(), state.commit))
    return not_known("its HEAD cannot be read: " + last_message());

  git_status_options options;
  git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
  options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
  std::string pattern = below;
  char* patterns[] = {pattern.data()};
  if (!below.empty()) options.pathspec = {patterns, 1};
  git_status_list* listed = nullptr;
  const int status = git_status_list_new(&listed, repository.get(), &options);
  const std::unique_ptr<git_status_list, Free> list(listed);
  if (status != 0) return not_known("its git status cannot be read: " + last_message());
  state.clean = git_status_list_entrycount(list.get()) == 0;
  return state;
}

}  // namespace ortforge

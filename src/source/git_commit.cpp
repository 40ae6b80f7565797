#include "ortforge/source/git_commit.hpp"

#include <memory>

#include "git_handles.hpp"

namespace ortforge {
namespace git {
namespace {

using Reference = std::unique_ptr<git_reference, Freer<git_reference, git_reference_free>>;
using Commit = std::unique_ptr<git_commit, Freer<git_commit, git_commit_free>>;
using Signature = std::unique_ptr<git_signature, Freer<git_signature, git_signature_free>>;

// The error of the libgit2 call that has just failed.
tl::unexpected<Error> failure(const std::string& what) {
  const git_error* last = git_error_last();
  return fail(ErrorKind::missing, "{}: {}", what, last != nullptr ? trim(last->message) : "unknown reason");
}

std::string hex_of(const git_oid& id) {
  char hex[GIT_OID_HEXSZ + 1] = {};
  git_oid_tostr(hex, sizeof hex, &id);
  return hex;
}

// Whether a work tree of the repository has the branch checked out, also one that has no commit yet.
bool is_checked_out(git_repository* repository, const std::string& branch) {
  git_reference* made = nullptr;
  if (git_branch_lookup(&made, repository, branch.c_str(), GIT_BRANCH_LOCAL) == 0) {
    const Reference reference(made);
    return git_branch_is_checked_out(made) == 1;
  }
  if (git_repository_is_bare(repository) == 1) return false;
  if (git_reference_lookup(&made, repository, "HEAD") != 0) return false;
  const Reference head(made);
  const char* target = git_reference_symbolic_target(made);
  return target != nullptr && target == "refs/heads/" + branch;
}

// Writes the files as blobs, and the trees that hold them.
Result<git_oid> write_tree(git_repository* repository, const std::map<std::string, std::string>& files) {
  git_index* made = nullptr;
  if (git_index_new(&made) < 0) return failure("git index");
  const Index index(made);
  for (const auto& [path, content] : files) {
    git_index_entry entry{};
    entry.mode = GIT_FILEMODE_BLOB;
    entry.path = path.c_str();
    if (git_blob_create_from_buffer(&entry.id, repository, content.data(), content.size()) < 0 ||
        git_index_add(made, &entry) < 0) {
      return failure(path);
    }
  }
  git_oid tree;
  if (git_index_write_tree_to(&tree, made, repository) < 0) return failure("git tree");
  return tree;
}

Result<Signature> author_of(git_repository* repository) {
  git_signature* made = nullptr;
  const int code = git_signature_default(&made, repository);
  if (code == 0) return Signature(made);
  if (code != GIT_ENOTFOUND) return failure("git configuration");
  return fail_with_hint(ErrorKind::missing, "git's configuration names no author: user.name and user.email",
                        "git config user.name NAME; git config user.email ADDRESS");
}

// The tip of the branch, or nothing where there is no such branch.
Result<Commit> tip_of(git_repository* repository, const std::string& reference) {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository, reference.c_str());
  if (code == GIT_ENOTFOUND) return Commit();
  git_commit* made = nullptr;
  if (code < 0 || git_commit_lookup(&made, repository, &id) < 0) return failure(reference);
  return Commit(made);
}

Result<void> check_branch(git_repository* repository, const std::string& branch, const std::string& where) {
  int valid = 0;
  if (git_branch_name_is_valid(&valid, branch.c_str()) < 0 || valid == 0)
    return fail(ErrorKind::bad_input, "'{}' is no name for a git branch", branch);
  if (!is_checked_out(repository, branch)) return {};
  return fail_with_hint(ErrorKind::bad_input,
                        fmt::format("{}: the branch {} is checked out; a commit behind its work tree would "
                                    "make every file there look changed",
                                    where, branch),
                        "name another branch, or check another one out first");
}

}  // namespace
}  // namespace git

Result<GitCommitted> commit_files(const std::filesystem::path& directory, const std::string& branch,
                                  const std::map<std::string, std::string>& files,
                                  const std::string& message) {
  if (files.empty()) return fail(ErrorKind::bad_input, "there are no files to commit on {}", branch);
  ORTFORGE_CHECK(libgit2.open());
  const git::Library library;
  git_repository* repository = nullptr;
  const int code = git_repository_open_ext(&repository, directory.c_str(), 0, nullptr);
  const git::Repository holder(repository);
  if (code == GIT_ENOTFOUND)
    return fail(ErrorKind::bad_input, "{}: there is no git repository here or above", directory.string());
  if (code < 0) return git::failure(directory.string());
  ORTFORGE_CHECK(git::check_branch(repository, branch, directory.string()));
  ORTFORGE_TRY(const git::Signature author, git::author_of(repository));
  const std::string reference = "refs/heads/" + branch;
  ORTFORGE_TRY(const git::Commit parent, git::tip_of(repository, reference));

  ORTFORGE_TRY(const git_oid tree_id, git::write_tree(repository, files));
  if (parent != nullptr && git_oid_equal(git_commit_tree_id(parent.get()), &tree_id) == 1)
    return GitCommitted{branch, git::hex_of(*git_commit_id(parent.get())), false};
  git_tree* tree = nullptr;
  if (git_tree_lookup(&tree, repository, &tree_id) < 0) return git::failure("git tree");
  const git::Tree tree_holder(tree);
  const git_commit* parents[] = {parent.get()};
  git_oid commit;
  if (git_commit_create(&commit, repository, reference.c_str(), author.get(), author.get(), nullptr,
                        message.c_str(), tree, parent != nullptr ? 1 : 0, parents) < 0) {
    return git::failure(directory.string() + ": " + reference);
  }
  return GitCommitted{branch, git::hex_of(commit), true};
}

}  // namespace ortforge

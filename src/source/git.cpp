#include "ortforge/source/git.hpp"

#include <algorithm>
#include <vector>

#include "git_handles.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/source/download.hpp"
#include "ortforge/source/origin.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace git {
namespace {

namespace fs = std::filesystem;

// A submodule as the checked out tree names it.
struct Submodule {
  std::string path;
  std::string url;  // empty: .gitmodules has none
  std::string commit;
};

Result<git_oid> export_tree(Job& job, const std::string& url, const std::string& revision,
                            const fs::path& target);

// The user's own configuration must not change what a checkout writes.
Result<void> configure(const Job& job, git_repository* repository) {
  git_config* made = nullptr;
  if (git_repository_config(&made, repository) < 0) return failed(job, "git configuration");
  const Config config(made);
  git_config_set_string(made, "core.autocrlf", "false");
  git_config_set_string(made, "core.eol", "lf");
  git_config_set_string(made, "core.attributesfile", "/dev/null");
  return {};
}

int on_checkout(git_checkout_notify_t, const char*, const git_diff_file*, const git_diff_file*,
                const git_diff_file*, void* payload) {
  return static_cast<Job*>(payload)->interrupted() ? GIT_EUSER : 0;
}

// The index is filled first: .gitattributes are looked up there while files are written.
Result<void> check_out(Job& job, git_repository* repository, const git_oid& commit,
                       const std::string& where) {
  git_object* tree = nullptr;
  git_object* object = nullptr;
  if (git_object_lookup(&object, repository, &commit, GIT_OBJECT_COMMIT) < 0) return failed(job, where);
  const Object commit_holder(object);
  if (git_object_peel(&tree, object, GIT_OBJECT_TREE) < 0) return failed(job, where);
  const Object tree_holder(tree);
  git_index* made = nullptr;
  if (git_repository_set_head_detached(repository, &commit) < 0 ||
      git_repository_index(&made, repository) < 0) {
    return failed(job, where);
  }
  const Index index(made);
  // git_tree is the type behind an object of kind GIT_OBJECT_TREE (git2/tree.h).
  if (git_index_read_tree(made, reinterpret_cast<const git_tree*>(tree)) < 0 || git_index_write(made) < 0) {
    return failed(job, where);
  }
  git_checkout_options options;
  git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
  options.checkout_strategy = GIT_CHECKOUT_FORCE;
  options.notify_flags = GIT_CHECKOUT_NOTIFY_ALL;
  options.notify_cb = &on_checkout;
  options.notify_payload = &job;
  if (git_checkout_tree(repository, tree, &options) < 0) return failed(job, where);
  return {};
}

// The address of a submodule: "../x" and "./x" are relative to the repository's own (gitmodules(5)).
// libgit2's function for this loses two slashes of file addresses.
std::string resolve(std::string base, std::string url) {
  if (!url.starts_with("./") && !url.starts_with("../")) return url;
  while (base.ends_with('/')) base.pop_back();
  while (true) {
    if (url.starts_with("./")) {
      url.erase(0, 2);
    } else if (url.starts_with("../")) {
      url.erase(0, 3);
      base.erase(std::min(base.find_last_of("/:"), base.size()));
    } else {
      return base + "/" + url;
    }
  }
}

int on_submodule(git_submodule* submodule, const char*, void* payload) {
  const git_oid* commit = git_submodule_head_id(submodule);
  if (commit == nullptr) return 0;  // named in .gitmodules, not in the tree
  char hex[GIT_OID_HEXSZ + 1] = {};
  git_oid_tostr(hex, sizeof hex, commit);
  Submodule found{git_submodule_path(submodule), {}, hex};
  if (const char* url = git_submodule_url(submodule); url != nullptr) found.url = url;
  static_cast<std::vector<Submodule>*>(payload)->push_back(std::move(found));
  return 0;
}

Result<void> export_submodules(Job& job, git_repository* repository, const fs::path& target,
                               const std::string& url) {
  const std::string where = public_url(url);
  std::vector<Submodule> submodules;
  if (git_submodule_foreach(repository, &on_submodule, &submodules) < 0)
    return failed(job, where + ": submodules");
  for (const Submodule& submodule : submodules) {
    if (submodule.url.empty()) {
      return fail(ErrorKind::bad_input, "{}: submodule {} has no url in .gitmodules", where, submodule.path);
    }
    ORTFORGE_TRY(const std::string path, safe_member_path(submodule.path));
    ORTFORGE_CHECK(remove_tree(target / path));  // the empty folder a checkout makes for it
    ORTFORGE_TRY(const git_oid ignored,
                 export_tree(job, resolve(url, submodule.url), submodule.commit, target / path));
    static_cast<void>(ignored);
  }
  return {};
}

Result<git_oid> export_tree(Job& job, const std::string& url, const std::string& revision,
                            const fs::path& target) {
  const std::string where = public_url(url);
  git_repository* made = nullptr;
  if (git_repository_init(&made, target.c_str(), 0) < 0) return failed(job, target.string());
  const Repository repository(made);
  ORTFORGE_CHECK(configure(job, made));
  ORTFORGE_TRY(const git_oid commit, fetch_commit(job, made, url, revision));
  ORTFORGE_CHECK(check_out(job, made, commit, where));
  if (job.options->submodules) ORTFORGE_CHECK(export_submodules(job, made, target, url));
  ORTFORGE_CHECK(remove_tree(target / ".git"));
  return commit;
}

void set_certificates(const GitOptions& options) {
  const auto variable = [&](const char* name) -> const char* {
    const auto found = options.variables.find(name);
    return found == options.variables.end() || found->second.empty() ? nullptr : found->second.c_str();
  };
  const char* file = variable("GIT_SSL_CAINFO");
  if (file == nullptr) file = variable("SSL_CERT_FILE");
  const char* folder = variable("SSL_CERT_DIR");
  if (file != nullptr || folder != nullptr) git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, folder);
}

}  // namespace
}  // namespace git

Result<GitTree> export_git_tree(const std::string& url, const std::string& revision,
                                const std::filesystem::path& target, const GitOptions& options) {
  ORTFORGE_CHECK(libgit2.open());
  const git::Library library;
  git::set_certificates(options);
  git::Job job;
  job.options = &options;
  ORTFORGE_TRY(const git_oid commit, git::export_tree(job, url, revision, target));
  ORTFORGE_CHECK(check_links_stay_inside(target));
  char hex[GIT_OID_HEXSZ + 1] = {};
  git_oid_tostr(hex, sizeof hex, &commit);
  return GitTree{hex, job.earlier_bytes};
}

Result<Obtained> obtain_git(const Source& source, const SourceOrigin& origin,
                            const std::filesystem::path& scratch, const SourceContext& context) {
  GitOptions options;
  options.submodules = origin.submodules;
  options.variables = context.variables;
  options.interrupt = context.interrupt;
  options.progress = download_options(source, context).progress;
  Obtained obtained;
  obtained.tree = scratch / "tree";
  ORTFORGE_TRY(const GitTree tree, export_git_tree(origin.url, origin.revision, obtained.tree, options));
  obtained.revision = tree.commit;
  obtained.bytes = tree.bytes;
  return obtained;
}

}  // namespace ortforge

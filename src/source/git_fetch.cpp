// The network half of a git export: which refs to fetch, and fetching them.
#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "git_handles.hpp"

#include "ortforge/source/download.hpp"

namespace ortforge::git {
namespace {

constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kBranches = "refs/heads/";

// What a remote calls one of its refs, and the object it stands for.
struct RemoteRef {
  std::string name;
  git_oid id;
};

// What to ask a remote for, and the object that is wanted out of it.
struct Request {
  std::vector<std::string> refspecs;
  git_oid wanted;
};

int on_transfer(const git_indexer_progress* stats, void* payload) {
  auto& job = *static_cast<Job*>(payload);
  job.present_bytes = stats->received_bytes;
  if (job.options->progress) job.options->progress(job.earlier_bytes + job.present_bytes, 0);
  return job.interrupted() ? GIT_EUSER : 0;
}

int on_message(const char*, int, void* payload) {
  return static_cast<Job*>(payload)->interrupted() ? GIT_EUSER : 0;
}

int on_packing(int, std::uint32_t, std::uint32_t, void* payload) {
  return on_message(nullptr, 0, payload);
}

git_remote_callbacks callbacks_of(Job& job) {
  git_remote_callbacks callbacks;
  git_remote_init_callbacks(&callbacks, GIT_REMOTE_CALLBACKS_VERSION);
  callbacks.transfer_progress = &on_transfer;
  callbacks.sideband_progress = &on_message;
  callbacks.pack_progress = &on_packing;
  callbacks.payload = &job;
  return callbacks;
}

bool is_commit_name(const std::string& revision) {
  return revision.size() == 40 && revision.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_branch_or_tag(const std::string& name) {
  return name.starts_with(kTags) || name.starts_with(kBranches);
}

// A ref that points at the commit is enough; otherwise the commit must be on some branch or tag.
Request request_commit(const std::string& revision, const std::vector<RemoteRef>& refs) {
  Request request;
  git_oid_fromstr(&request.wanted, revision.c_str());
  for (const RemoteRef& ref : refs) {
    if (git_oid_equal(&ref.id, &request.wanted) == 0 || !is_branch_or_tag(ref.name)) continue;
    const std::string name =
        ref.name.substr(0, ref.name.find('^'));  // "refs/tags/v1^{}" is what an annotated tag names
    request.refspecs = {"+" + name + ":" + name};
    return request;
  }
  request.refspecs = {"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"};
  return request;
}

Result<Request> request_tag(const std::string& revision, const std::vector<RemoteRef>& refs,
                            const std::string& where) {
  const std::string name = std::string(kTags) + revision;
  const auto found =
      std::find_if(refs.begin(), refs.end(), [&](const RemoteRef& ref) { return ref.name == name; });
  if (found != refs.end()) return Request{{"+" + name + ":" + name}, found->id};
  std::vector<std::string> tags;
  for (const RemoteRef& ref : refs) {
    if (ref.name.starts_with(kTags) && !ref.name.ends_with("^{}"))
      tags.push_back(ref.name.substr(kTags.size()));
  }
  return fail(ErrorKind::missing, "{}: no tag '{}'{}", where, revision, did_you_mean(revision, tags));
}

Result<std::vector<RemoteRef>> list_refs(const Job& job, git_remote* remote, const std::string& where) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (git_remote_ls(&heads, &count, remote) < 0) return failed(job, where);
  std::vector<RemoteRef> refs;
  for (std::size_t i = 0; i < count; ++i) refs.push_back({heads[i]->name, heads[i]->oid});
  return refs;
}

}  // namespace

Result<git_oid> fetch_commit(Job& job, git_repository* repository, const std::string& url,
                             const std::string& revision) {
  const std::string where = public_url(url);
  git_remote* made = nullptr;
  if (git_remote_create(&made, repository, "origin", url.c_str()) < 0) return failed(job, where);
  const Remote remote(made);
  git_fetch_options options;
  git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
  options.callbacks = callbacks_of(job);
  options.proxy_opts.type = GIT_PROXY_AUTO;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  if (git_remote_connect(made, GIT_DIRECTION_FETCH, &options.callbacks, &options.proxy_opts, nullptr) < 0) {
    return failed(job, where);
  }
  ORTFORGE_TRY(const auto refs, list_refs(job, made, where));
  Request request;
  if (is_commit_name(revision)) {
    request = request_commit(revision, refs);
  } else {
    ORTFORGE_TRY(request, request_tag(revision, refs, where));
  }
  std::vector<char*> names;
  for (std::string& refspec : request.refspecs) names.push_back(refspec.data());
  const git_strarray refspecs{names.data(), names.size()};
  if (git_remote_download(made, &refspecs, &options) < 0) return failed(job, where);
  if (job.interrupted()) return fail(ErrorKind::interrupted, "{}: interrupted", where);

  git_object* object = nullptr;
  if (git_object_lookup(&object, repository, &request.wanted, GIT_OBJECT_ANY) < 0) {
    return fail(ErrorKind::missing, "{}: commit {} is on no branch and no tag", where, revision);
  }
  const Object holder(object);
  git_object* commit = nullptr;
  if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0) return failed(job, where + ": " + revision);
  const Object peeled(commit);
  job.earlier_bytes += job.present_bytes;
  job.present_bytes = 0;
  return *git_object_id(commit);
}

}  // namespace ortforge::git

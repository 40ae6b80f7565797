#include "ortforge/build/remote_store.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "disk_room.hpp"
#include "remote_entry.hpp"
#include "step_record.hpp"
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/needed.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFailures = 3;
constexpr std::uint64_t kMostMetadata = 1U << 26U;  // bytes

// A folder of the store that nobody sees; what a killed process leaves of it is a left-over.
class Scratch {
 public:
  Scratch(const Store& store, const std::string& key, const std::string& scope)
      : path_(store.root() / fmt::format(".remote-{}-{}-{}", Store::entry_name(key, scope), ::getpid(),
                                         std::chrono::steady_clock::now().time_since_epoch().count())) {}
  ~Scratch() { std::ignore = remove_tree(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const fs::path& path() const { return path_; }
  Result<void> make() const {
    ORTFORGE_CHECK(remove_tree(path_));
    return make_directories(path_);
  }

 private:
  fs::path path_;
};

std::string content_file(const std::string& content_key) {
  return "content/" + content_key + ".json";
}

bool same_artefacts(const std::vector<ArtefactRecord>& one, const std::vector<ArtefactRecord>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& a, const auto& b) {
    return a.path == b.path && a.bytes == b.bytes && a.sha256 == b.sha256;
  });
}

StopAsked asked_by(const Interrupt* interrupt) {
  return [interrupt] { return interrupt != nullptr && interrupt->requested(); };
}

Result<void> check_archive(const fs::path& file, const build_detail::RemoteEntry& remote,
                           const StopAsked& stop) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (error || bytes != remote.bytes)
    return fail(ErrorKind::bad_input, "{}: {} of {} bytes arrived", remote.archive, bytes, remote.bytes);
  ORTFORGE_TRY(const Digest digest, sha256_file(file, stop));
  if (digest == remote.sha256) return {};
  return fail(ErrorKind::bad_input, "{}: sha256 {} instead of {}", remote.archive, digest.hex(),
              remote.sha256.hex());
}

// The entry that an unpacked output becomes, when it is what the metadata says.
Result<StoreEntry> checked_entry(const Step& step, const fs::path& output,
                                 const build_detail::RemoteEntry& remote, const StopAsked& stop) {
  ORTFORGE_TRY(const StoreEntry found, build_detail::new_entry(step, output, stop));
  if (found.output_digest != remote.entry.output_digest)
    return fail(ErrorKind::bad_input, "{}: the output is {} instead of {}", remote.archive,
                found.output_digest.sri(), remote.entry.output_digest.sri());
  if (!same_artefacts(found.artefacts, remote.entry.artefacts))
    return fail(ErrorKind::bad_input, "{}: its files are not those of the metadata", remote.archive);
  return remote.entry;
}

}  // namespace

bool RemoteStore::uses(const Use& use, const Step& step) const {
  {
    const std::lock_guard lock(mutex_);
    if (use.over || taking_.over) return false;
  }
  return !step.key.empty() && (!options_.shared || options_.shared(step));
}

bool RemoteStore::takes(const Step& step) const {
  return uses(taking_, step);
}

bool RemoteStore::pushes(const Step& step) const {
  return options_.push && uses(pushing_, step);
}

void RemoteStore::note(const Use& use, const Step& step, const std::string& reason) const {
  if (options_.note)
    options_.note(fmt::format("{}: {} the remote store: {}", step.recipe.scope, use.failed, reason));
}

Result<bool> RemoteStore::attempt(Use& use, const Step& step, const std::function<Result<bool>()>& act) {
  if (!uses(use, step)) return false;
  Result<bool> done = act();
  if (!done && done.error().kind == ErrorKind::interrupted) return done;
  if (!done) {
    const Error& error = done.error();
    note(use, step, error.hint.empty() ? error.message : error.message + "; " + error.hint);
  }
  {
    const std::lock_guard lock(mutex_);
    use.failures = done ? 0 : use.failures + 1;
    use.over = use.failures >= kMostFailures;
    if (!use.over) return done.value_or(false);
  }
  if (options_.note) {
    options_.note(fmt::format("{} failures in a row: {} {} any more in this run", kMostFailures, use.failed,
                              files_->place()));
  }
  return false;
}

bool RemoteStore::is_damaged(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return damaged_.contains(key);
}

Result<bool> RemoteStore::holds(const Step& step) {
  return attempt(taking_, step, [&]() -> Result<bool> {
    ORTFORGE_TRY(const auto text, files_->read(step.key + ".json", kMostMetadata));
    if (!text) return false;
    ORTFORGE_CHECK(build_detail::parse_metadata(*text, step.key, step.recipe.scope));
    return true;
  });
}

Result<bool> RemoteStore::take(const Step& step, const Store& store) {
  return attempt(taking_, step, [&] {
    Result<bool> done = enter(step, step.key, {}, store);
    // What is made in its place may replace it.
    if (!done && done.error().kind == ErrorKind::bad_input) {
      const std::lock_guard lock(mutex_);
      damaged_.insert(step.key);
    }
    return done;
  });
}

Result<bool> RemoteStore::take_equal(const Step& step, const std::string& content_key, const Store& store) {
  return attempt(taking_, step, [&]() -> Result<bool> {
    const std::string name = content_file(content_key);
    ORTFORGE_TRY(const auto text, files_->read(name, kMostMetadata));
    if (!text) return false;
    ORTFORGE_TRY(const Json json, parse_json(*text, name));
    const JsonPlace root(json, name);
    ORTFORGE_TRY(const std::string key, root.string("key"));
    ORTFORGE_TRY(const std::string scope, root.string("scope"));
    if (!build_detail::is_key(key)) return root.error("$.key: expected 64 hexadecimal digits");
    // Its own key was asked for before.
    if (key == step.key || scope != step.recipe.scope) return false;
    return enter(step, key, content_key, store);
  });
}

Result<bool> RemoteStore::enter(const Step& step, const std::string& key, const std::string& content_key,
                                const Store& store) const {
  ORTFORGE_TRY(const auto text, files_->read(key + ".json", kMostMetadata));
  if (!text) return false;
  ORTFORGE_TRY(const auto remote, build_detail::parse_metadata(*text, key, step.recipe.scope));
  if (!content_key.empty() && remote.entry.content_key != content_key)
    return fail(ErrorKind::bad_input, "{}.json: is of other inputs", key);
  if (!same_own_parts(remote.entry.parts, step.parts))
    return fail(ErrorKind::bad_input, "{}.json: was made of other things than this step", key);
  const Scratch scratch(store, key, step.recipe.scope);
  ORTFORGE_CHECK(scratch.make());
  // Both sizes are below 2^63.
  ORTFORGE_CHECK(build_detail::check_room(store.root().parent_path(), remote.archive,
                                          remote.bytes + remote.content.bytes));
  const fs::path archive = scratch.path() / remote.archive;
  ORTFORGE_TRY(const bool found, files_->get(remote.archive, archive, remote.bytes));
  // The metadata was put there after it, so it was removed.
  if (!found) return fail(ErrorKind::bad_input, "{} is not there", remote.archive);
  const StopAsked stop = asked_by(options_.interrupt);
  ORTFORGE_CHECK(check_archive(archive, remote, stop));
  const fs::path tree = scratch.path() / "tree";
  ORTFORGE_TRY(const fs::path output,
               build_detail::unpack_entry(archive, tree, remote.content, options_.interrupt));
  ORTFORGE_TRY(StoreEntry entry, checked_entry(step, output, remote, stop));
  ORTFORGE_CHECK(build_detail::join_added(tree));
  // Beyond this point it is what its digests say, and may be used.
  ORTFORGE_CHECK(store.commit(std::move(entry), output));
  return true;
}

Result<void> RemoteStore::push(const Step& step, const StoreEntry& entry, const Store& store) {
  if (!options_.push) return {};
  ORTFORGE_CHECK(attempt(pushing_, step, [&] { return put(step, entry, store); }));
  return {};
}

Result<bool> RemoteStore::put(const Step& step, const StoreEntry& entry, const Store& store) const {
  const std::string name = entry.key + ".json";
  ORTFORGE_TRY(const bool there, files_->has(name));
  if (there && !is_damaged(entry.key)) return true;
  const StopAsked stop = asked_by(options_.interrupt);
  ORTFORGE_TRY(const auto differences, store.verify(entry, stop));
  if (!differences.empty()) {
    note(pushing_, step,
         fmt::format("{}: was changed in the store: {}; remove that folder and build again",
                     entry.path.string(), differences.front()));
    return false;
  }
  if (const auto links = check_links_stay_inside(entry.path); !links) {
    note(pushing_, step, links.error().message);
    return false;
  }
  const Scratch scratch(store, entry.key, entry.scope);
  ORTFORGE_CHECK(scratch.make());
  const fs::path archive = scratch.path() / "archive";
  ORTFORGE_TRY(const Packed packed,
               build_detail::pack_entry(entry, step.recipe.kind == "prepare", archive, options_.interrupt));
  ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(archive));
  build_detail::RemoteEntry remote{entry, {}, bytes, {}, packed.content};
  ORTFORGE_TRY(remote.sha256, sha256_file(archive, stop));
  remote.archive = build_detail::archive_stem(entry.key, remote.sha256) + packed.ending;
  const Json content{{"format", 1}, {"key", entry.key}, {"scope", entry.scope}};
  ORTFORGE_CHECK(write_file(scratch.path() / "content", content.dump(1) + "\n"));
  ORTFORGE_CHECK(write_file(scratch.path() / "metadata", build_detail::metadata_text(remote)));
  ORTFORGE_CHECK(files_->put(remote.archive, archive));
  ORTFORGE_CHECK(files_->put(content_file(entry.content_key), scratch.path() / "content"));
  // Beyond this point others find it.
  ORTFORGE_CHECK(files_->put(name, scratch.path() / "metadata"));
  return true;
}

Result<std::set<std::size_t>> take_remote_steps(const Plan& plan, const Store& store, RemoteStore& remote) {
  ORTFORGE_TRY(const auto needs,
               needed_steps(plan, store, [&](const Step& step) { return remote.take(step, store); }));
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (needs[i] == Need::remote) taken.insert(i);
  }
  return taken;
}

Result<std::vector<std::string>> take_needs(const Plan& plan, std::size_t step, const Store& store,
                                            RemoteStore* remote) {
  std::vector<std::string> lacking;
  for (const std::size_t need : plan.steps[step].needs) {
    const Step& other = plan.steps[need];
    ORTFORGE_TRY(const auto entry, store.find(other.key, other.recipe.scope));
    if (entry) continue;
    bool taken = false;
    if (remote != nullptr) {
      ORTFORGE_TRY(taken, remote->take(other, store));
    }
    if (!taken) lacking.push_back(other.recipe.scope);
  }
  return lacking;
}

}  // namespace ortforge

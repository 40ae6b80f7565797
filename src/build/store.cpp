#include "ortforge/build/store.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "entry_json.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMetadataFolder = ".entries";
constexpr const char* kByContent = ".by-content";
constexpr const char* kCommitLock = ".commit.lock";
constexpr std::chrono::milliseconds kCommitPause{20};
constexpr std::size_t kKeyDigitsInName = 32;

// What the store knows of an entry lies beside it, not in it: a step that reads the output must not see it.
fs::path metadata_of(const fs::path& entry) {
  return entry.parent_path() / kMetadataFolder / (entry.filename().string() + ".json");
}

// A folder alone is what a machine that lost power may have left.
bool is_entry(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error) && fs::exists(metadata_of(path), error);
}

Result<StoreEntry> read_entry(const fs::path& path) {
  auto json = read_json(metadata_of(path));
  auto entry = json ? build_detail::entry_from_json(*json, metadata_of(path).string())
                    : Result<StoreEntry>(pass_on(json.error()));
  if (!entry) {
    return fail_with_hint(
        ErrorKind::internal,
        fmt::format("{}: the store entry is damaged: {}", path.string(), entry.error().message),
        "remove that folder and build again");
  }
  entry->path = path;
  return entry;
}

}  // namespace

std::string Store::entry_name(const std::string& key, const std::string& scope) {
  return key.substr(0, kKeyDigitsInName) + "-" + scope;
}

fs::path Store::entry_path(const std::string& key, const std::string& scope) const {
  return root_ / entry_name(key, scope);
}

Result<std::optional<StoreEntry>> Store::find(const std::string& key, const std::string& scope) const {
  const fs::path path = entry_path(key, scope);
  if (!is_entry(path)) return std::optional<StoreEntry>();
  ORTFORGE_TRY(StoreEntry entry, read_entry(path));
  return std::optional<StoreEntry>(std::move(entry));
}

Result<std::optional<StoreEntry>> Store::find_content(const std::string& content_key) const {
  std::error_code error;
  const fs::path name = fs::read_symlink(root_ / kByContent / content_key, error);
  if (error || !is_entry(root_ / name)) return std::optional<StoreEntry>();
  ORTFORGE_TRY(StoreEntry entry, read_entry(root_ / name));
  return std::optional<StoreEntry>(std::move(entry));
}

Result<StoreEntry> Store::commit(StoreEntry entry, const fs::path& output) const {
  entry.path = entry_path(entry.key, entry.scope);
  ORTFORGE_CHECK(make_directories(root_ / kMetadataFolder));
  const fs::path metadata = output.string() + ".json";
  ORTFORGE_CHECK(write_file(metadata, build_detail::to_json(entry).dump(1) + "\n"));
  // Before the lock, which others wait for: this may take long. The renames below give names to what is on
  // the disk by now, and an entry needs both (is_entry). So wherever power is lost, there is all of it or
  // nothing.
  ORTFORGE_CHECK(sync_file_system(root_));
  // One at a time: between the look and the renames others may enter the same key, from a remote store too.
  std::optional<FileLock> alone;
  while (!alone) {
    ORTFORGE_TRY(alone, FileLock::try_acquire(root_ / kCommitLock));
    if (!alone) std::this_thread::sleep_for(kCommitPause);
  }
  if (is_entry(entry.path)) {
    alone.reset();
    ORTFORGE_CHECK(remove_tree(metadata));
    ORTFORGE_CHECK(remove_tree(output));
    return read_entry(entry.path);
  }
  ORTFORGE_CHECK(remove_tree(entry.path));
  ORTFORGE_CHECK(rename_path(metadata, metadata_of(entry.path)));
  ORTFORGE_CHECK(rename_path(output, entry.path));
  // An index, not part of the entry: losing it costs a build, never a wrong result.
  std::error_code ignored;
  const fs::path link = root_ / kByContent / entry.content_key;
  const fs::path fresh = link.string() + "." + entry.path.filename().string();
  fs::create_directories(link.parent_path(), ignored);
  fs::create_symlink(entry.path.filename(), fresh, ignored);
  fs::rename(fresh, link, ignored);
  return entry;
}

Result<StoreEntry> Store::alias(const StoreEntry& existing, const std::string& key, const std::string& scope,
                                const KeyParts& parts, const Complete& complete) const {
  const fs::path staging = root_ / (".alias-" + entry_name(key, scope));
  ORTFORGE_CHECK(remove_tree(staging));
  ORTFORGE_CHECK(copy_tree(existing.path, staging, true));
  if (complete) ORTFORGE_CHECK(complete(staging));
  StoreEntry entry = existing;
  entry.key = key;
  entry.scope = scope;
  entry.parts = parts;
  return commit(std::move(entry), staging);
}

std::vector<fs::path> Store::left_overs() const {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator item(root_, error), end; !error && item != end; item.increment(error)) {
    const std::string name = item->path().filename().string();
    const bool hidden =
        name.starts_with(".removed-") || name.starts_with(".alias-") || name.starts_with(".remote-");
    if (hidden || (!name.starts_with(".") && !fs::exists(metadata_of(item->path()))))
      paths.push_back(item->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::vector<StoreEntry>> Store::entries() const {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator item(root_, error), end; !error && item != end; item.increment(error)) {
    if (fs::exists(metadata_of(item->path()))) paths.push_back(item->path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<StoreEntry> result;
  for (const fs::path& path : paths) {
    ORTFORGE_TRY(StoreEntry entry, read_entry(path));
    result.push_back(std::move(entry));
  }
  return result;
}

Result<void> Store::remove(const StoreEntry& entry) const {
  const fs::path hidden = root_ / (".removed-" + entry.path.filename().string());
  ORTFORGE_CHECK(remove_tree(hidden));
  ORTFORGE_CHECK(rename_path(entry.path, hidden));
  // Beyond this point nobody sees the entry any more.
  std::error_code error;
  const fs::path link = root_ / kByContent / entry.content_key;
  if (fs::read_symlink(link, error) == entry.path.filename()) ORTFORGE_CHECK(remove_tree(link));
  ORTFORGE_CHECK(remove_tree(metadata_of(entry.path)));
  return remove_tree(hidden);
}

Result<std::vector<std::string>> Store::verify(const StoreEntry& entry, const StopAsked& stop) const {
  std::vector<std::string> differences;
  for (const ArtefactRecord& artefact : entry.artefacts) {
    const auto digest = sha256_file(entry.path / artefact.path, stop);
    if (!digest && digest.error().kind == ErrorKind::interrupted) return pass_on(digest.error());
    if (!digest) {
      differences.push_back(artefact.path + ": missing");
    } else if (digest->hex() != artefact.sha256) {
      differences.push_back(
          fmt::format("{}: sha256 {} instead of {}", artefact.path, digest->hex(), artefact.sha256));
    }
  }
  return differences;
}

Result<std::vector<ArtefactRecord>> list_artefacts(const fs::path& directory, const StopAsked& stop) {
  std::vector<ArtefactRecord> result;
  std::error_code error;
  for (fs::recursive_directory_iterator item(directory, error), end; !error && item != end;
       item.increment(error)) {
    if (!item->is_regular_file() || item->is_symlink()) continue;
    ORTFORGE_TRY(const Digest digest, sha256_file(item->path(), stop));
    result.push_back({item->path().lexically_relative(directory).string(), item->file_size(), digest.hex()});
  }
  if (error) return fail(ErrorKind::internal, "{}: {}", directory.string(), error.message());
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return result;
}

}  // namespace ortforge

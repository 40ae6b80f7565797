#include "ortforge/build/clean.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "ortforge/base/file.hpp"
#include "ortforge/build/compiler_cache.hpp"
#include "ortforge/build/home_lock.hpp"
#include "ortforge/build/result_link.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/build/work_directory.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> children(const fs::path& directory) {
  std::vector<fs::path> result;
  std::error_code error;
  for (fs::directory_iterator item(directory, error), end; !error && item != end; item.increment(error))
    result.push_back(item->path());
  std::sort(result.begin(), result.end());
  return result;
}

// Keys of the entries that result links point at.
std::set<std::string> linked_keys(const std::vector<StoreEntry>& entries,
                                  const std::vector<fs::path>& linked) {
  std::set<std::string> keys;
  for (const StoreEntry& entry : entries) {
    std::error_code error;
    if (std::binary_search(linked.begin(), linked.end(), fs::weakly_canonical(entry.path, error))) {
      keys.insert(entry.key);
    }
  }
  return keys;
}

// Whether an entry is a linked result, or read one: the test of a result stays with it.
bool is_kept(const StoreEntry& entry, const std::set<std::string>& keys) {
  if (keys.contains(entry.key)) return true;
  return std::any_of(entry.parts.begin(), entry.parts.end(), [&](const auto& part) {
    return part.first.starts_with("needs/") && keys.contains(part.second);
  });
}

// Out of sight by one rename first: nobody may take half a tree for a whole one.
Result<void> remove_at_once(const fs::path& path) {
  const fs::path hidden = path.parent_path() / (".removed-" + path.filename().string());
  ORTFORGE_CHECK(remove_tree(hidden));
  ORTFORGE_CHECK(rename_path(path, hidden));
  return remove_tree(hidden);
}

// Bytes on the disk of trees that share files: a file with names in several of them counts once, and is freed
// with the last. Folders that cannot be read count as empty.
class DiskUse {
 public:
  void add(const fs::path& tree) {
    std::ignore = each_file(tree, [&](const FileId& file, std::uint64_t bytes) {
      if (++names_[file] == 1) total_ += bytes;
    });
  }
  // The bytes that go with the tree.
  std::uint64_t remove(const fs::path& tree) {
    std::uint64_t freed = 0;
    std::ignore = each_file(tree, [&](const FileId& file, std::uint64_t bytes) {
      if (--names_[file] == 0) freed += bytes;
    });
    total_ -= freed;
    return freed;
  }
  std::uint64_t total() const { return total_; }

 private:
  std::map<FileId, int> names_;
  std::uint64_t total_ = 0;
};

}  // namespace

Result<std::vector<Cleaned>> clean_home(const fs::path& home, const CleanOptions& options) {
  std::optional<FileLock> alone;
  if (!options.dry_run && fs::is_directory(home)) {
    ORTFORGE_TRY(alone, own_store(home));
  }
  std::vector<Cleaned> cleaned;
  const auto clean = [&](const fs::path& path, std::uint64_t bytes,
                         const std::function<Result<void>()>& remove) -> Result<void> {
    if (options.interrupt != nullptr && options.interrupt->requested())
      return fail(ErrorKind::interrupted, "interrupted; what is removed is removed whole");
    if (!options.dry_run) ORTFORGE_CHECK(remove());
    cleaned.push_back({fs::relative(path, home).string(), bytes});
    return {};
  };
  const Store store(home);
  ORTFORGE_TRY(std::vector<StoreEntry> entries, store.entries());
  ORTFORGE_TRY(const std::vector<fs::path> linked, linked_entries(home, options.dry_run));
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.finished_ms < b.finished_ms; });
  const std::set<std::string> keys = linked_keys(entries, linked);
  DiskUse use;
  for (const StoreEntry& entry : entries) use.add(entry.path);
  // Kept build trees only save time: they go first.
  for (const fs::path& path : children(home / "trees")) {
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(path));
    ORTFORGE_CHECK(clean(path, bytes, [&] { return remove_at_once(path); }));
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (options.max_bytes > 0 && use.total() <= options.max_bytes) break;
    if (is_kept(entries[i], keys)) continue;
    const std::uint64_t freed = use.remove(entries[i].path);
    ORTFORGE_CHECK(clean(entries[i].path, freed, [&] { return store.remove(entries[i]); }));
  }
  for (const fs::path& path : store.left_overs()) {
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(path));
    ORTFORGE_CHECK(clean(path, bytes, [&] { return remove_tree(path); }));
  }
  // Half of a compiler cache is one too: it needs no rename first.
  if (const fs::path cache = compiler_cache_folder(home); options.cache && fs::is_directory(cache)) {
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(cache));
    ORTFORGE_CHECK(clean(cache, bytes, [&] { return remove_tree(cache); }));
  }
  if (!options.work) return cleaned;
  for (const fs::path& path : children(home / "work")) {
    if (!fs::is_directory(path)) continue;
    ORTFORGE_TRY(const auto work, WorkDirectory::acquire(home, path.filename().string()));
    if (!work) continue;  // somebody works in it
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(path));
    ORTFORGE_CHECK(clean(path, bytes, [&] { return work->remove(); }));
  }
  return cleaned;
}

}  // namespace ortforge

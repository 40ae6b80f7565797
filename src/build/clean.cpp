#include "ortforge/build/clean.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "ortforge/base/file.hpp"
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

}  // namespace

Result<std::vector<Cleaned>> clean_home(const fs::path& home, const CleanOptions& options) {
  std::vector<Cleaned> cleaned;
  const Store store(home);
  ORTFORGE_TRY(std::vector<StoreEntry> entries, store.entries());
  ORTFORGE_TRY(const std::vector<fs::path> linked, linked_entries(home));
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.finished_ms < b.finished_ms; });
  const std::set<std::string> keys = linked_keys(entries, linked);
  std::uint64_t total = 0;
  std::vector<std::uint64_t> sizes;
  for (const StoreEntry& entry : entries) {
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(entry.path));
    sizes.push_back(bytes);
    total += bytes;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (options.max_bytes > 0 && total <= options.max_bytes) break;
    if (is_kept(entries[i], keys)) continue;
    cleaned.push_back({fs::relative(entries[i].path, home).string(), sizes[i]});
    total -= sizes[i];
    if (!options.dry_run) ORTFORGE_CHECK(store.remove(entries[i]));
  }
  for (const fs::path& path : children(store.root())) {
    const std::string name = path.filename().string();
    if (!name.starts_with(".removed-") && !name.starts_with(".alias-")) continue;
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(path));
    cleaned.push_back({fs::relative(path, home).string(), bytes});
    if (!options.dry_run) ORTFORGE_CHECK(remove_tree(path));
  }
  if (!options.work) return cleaned;
  for (const fs::path& path : children(home / "work")) {
    if (!fs::is_directory(path)) continue;
    ORTFORGE_TRY(const auto work, WorkDirectory::acquire(home, path.filename().string()));
    if (!work) continue;  // somebody works in it
    ORTFORGE_TRY(const std::uint64_t bytes, tree_bytes(path));
    cleaned.push_back({fs::relative(path, home).string(), bytes});
    if (!options.dry_run) ORTFORGE_CHECK(work->remove());
  }
  return cleaned;
}

}  // namespace ortforge

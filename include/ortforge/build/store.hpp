// The store: finished step outputs by key, immutable, each entered by one rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// What the store knows of one entry; kept beside it, in `.entries/<name>.json`.
struct StoreEntry {
  std::filesystem::path path;  // the output itself
  std::string key;
  std::string scope;
  std::string content_key;  // key over the digests of the needed outputs
  Digest output_digest;     // NAR digest of the output without what ortforge adds to a result (recipe,
                            // launcher, provenance)
  KeyParts parts;
  std::vector<ArtefactRecord> artefacts;
  std::int64_t finished_ms = 0;
};

class Store {
 public:
  explicit Store(const std::filesystem::path& home) : root_(home / "store") {}

  const std::filesystem::path& root() const { return root_; }
  // Folder name of an entry: the first 32 hex digits of the key (128 bits) and the scope.
  static std::string entry_name(const std::string& key, const std::string& scope);
  std::filesystem::path entry_path(const std::string& key, const std::string& scope) const;

  // The entry of a key, or nothing. Error: internal when its metadata is damaged.
  Result<std::optional<StoreEntry>> find(const std::string& key, const std::string& scope) const;

  // The entry whose step had the same inputs by content (content_key_of), or nothing.
  Result<std::optional<StoreEntry>> find_content(const std::string& content_key) const;

  // Makes `output` (a folder on the same file system) the entry. Writes the metadata beside it, has both
  // written to the disk, then renames both, one caller at a time; when another was first, its entry stays and
  // `output` is removed. Errors: missing (disk), internal.
  Result<StoreEntry> commit(StoreEntry entry, const std::filesystem::path& output) const;

  // Makes a key whose step would give the same output an alias of an existing entry. `complete` may write
  // into the new folder before it is entered; it replaces files, it does not change them (they are hard
  // links).
  using Complete = std::function<Result<void>(const std::filesystem::path& output)>;
  Result<StoreEntry> alias(const StoreEntry& existing, const std::string& key, const std::string& scope,
                           const KeyParts& parts, const Complete& complete = {}) const;

  // Takes an entry away: out of sight by one rename, then its files. Error: internal.
  Result<void> remove(const StoreEntry& entry) const;

  // Folders of the store that killed processes left and nobody sees: half removed, half aliased, half
  // fetched, without metadata.
  std::vector<std::filesystem::path> left_overs() const;

  // Every entry, in name order; what is no entry is left out.
  Result<std::vector<StoreEntry>> entries() const;

  // Compares the recorded artefacts with the files. The value names what differs; empty: all as recorded.
  // Error: interrupted.
  Result<std::vector<std::string>> verify(const StoreEntry& entry, const StopAsked& stop = {}) const;

 private:
  std::filesystem::path root_;
};

// Regular files of a folder with sizes and SHA-256, in path order; links are left out.
Result<std::vector<ArtefactRecord>> list_artefacts(const std::filesystem::path& directory,
                                                   const StopAsked& stop = {});

}  // namespace ortforge

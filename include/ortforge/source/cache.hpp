// The cache of sources: home/sources/<digest>-<name>/{tree/, origin.json}, each entry made by one rename and
// never changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// What origin.json says of an entry.
struct CacheRecord {
  std::string origin;       // as FetchedSource::origin
  std::string revision;     // git: the commit
  std::uint64_t bytes = 0;  // downloaded
};

// The folder that an entry has or would have.
std::filesystem::path cache_entry(const std::filesystem::path& folder, const Digest& digest,
                                  const std::string& name);

// Reads the record of an entry, or nothing when there is no such entry. Error: bad_input for a damaged
// origin.json.
Result<std::optional<CacheRecord>> read_cache_record(const std::filesystem::path& entry);

// The right to make one entry: a lock that other processes wait for, and a scratch folder beside the entry
// that goes away with this object, or at the next attempt when the process was killed.
class CacheWriter {
 public:
  // Waits until no other process makes the same entry. Errors: missing (read-only home), interrupted while
  // waiting.
  static Result<CacheWriter> acquire(const std::filesystem::path& entry, const Interrupt* interrupt);
  CacheWriter(CacheWriter&&) noexcept = default;
  CacheWriter& operator=(CacheWriter&&) noexcept = default;
  ~CacheWriter();

  // Where the entry is put together: what lies in `staging` becomes the entry, `scratch` is for everything
  // else.
  std::filesystem::path staging() const { return directory_ / "entry"; }
  std::filesystem::path scratch() const { return directory_ / "scratch"; }

  // Makes `staging` the entry by one rename. Error: internal.
  Result<void> commit();
  // The same with origin.json written first.
  Result<void> commit(const CacheRecord& record);

 private:
  CacheWriter(FileLock lock, std::filesystem::path directory, std::filesystem::path entry)
      : lock_(std::make_unique<FileLock>(std::move(lock))),
        directory_(std::move(directory)),
        entry_(std::move(entry)) {}
  std::unique_ptr<FileLock> lock_;  // empty after a move
  std::filesystem::path directory_;
  std::filesystem::path entry_;
};

}  // namespace ortforge

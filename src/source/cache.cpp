#include "ortforge/source/cache.hpp"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {

namespace fs = std::filesystem;

fs::path cache_entry(const fs::path& folder, const Digest& digest, const std::string& name) {
  return folder / (digest.hex() + "-" + name);
}

Result<std::optional<CacheRecord>> read_cache_record(const fs::path& entry) {
  std::error_code error;
  const fs::path file = entry / "origin.json";
  if (!fs::exists(file, error)) return std::optional<CacheRecord>();
  ORTFORGE_TRY(const Json json, read_json(file));
  const JsonPlace place(json, file.string());
  CacheRecord record;
  ORTFORGE_TRY(record.origin, place.string("origin"));
  ORTFORGE_TRY(record.revision, place.string_or("revision", ""));
  ORTFORGE_TRY(const long long bytes, place.integer_or("bytes", 0));
  record.bytes = static_cast<std::uint64_t>(bytes);
  return record;
}

Result<CacheWriter> CacheWriter::acquire(const fs::path& entry, const Interrupt* interrupt) {
  const fs::path folder = entry.parent_path();
  const std::string name = entry.filename().string();
  ORTFORGE_CHECK(make_directories(folder));
  while (true) {
    ORTFORGE_TRY(std::optional<FileLock> lock, FileLock::try_acquire(folder / (".lock-" + name)));
    if (lock) {
      CacheWriter writer(*std::move(lock), folder / (".tmp-" + name), entry);
      ORTFORGE_CHECK(remove_tree(writer.directory_));  // of a process that was killed
      ORTFORGE_CHECK(make_directories(writer.staging()));
      ORTFORGE_CHECK(make_directories(writer.scratch()));
      return writer;
    }
    if (interrupt != nullptr && interrupt->requested()) {
      return fail(ErrorKind::interrupted, "{}: interrupted while another process was fetching it", name);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

CacheWriter::~CacheWriter() {
  if (!lock_) return;
  // What cannot be removed now is removed by the next writer of this entry.
  std::ignore = remove_tree(directory_);
  std::error_code error;
  fs::remove(directory_.parent_path() / (".lock-" + entry_.filename().string()), error);
}

Result<void> CacheWriter::commit() {
  return rename_path(staging(), entry_);
}

Result<void> CacheWriter::commit(const CacheRecord& record) {
  Json json;
  json["format"] = 1;
  json["origin"] = record.origin;
  if (!record.revision.empty()) json["revision"] = record.revision;
  json["bytes"] = record.bytes;
  ORTFORGE_CHECK(write_file(staging() / "origin.json", json.dump(2) + "\n"));
  return commit();
}

}  // namespace ortforge

// Files: whole reads, atomic writes, trees, locks, free space.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ortforge/base/result.hpp"

namespace ortforge {

// The whole content of a file in bytes. Error: missing, naming the file and the system's reason.
Result<std::string> read_file(const std::filesystem::path& file);

// The same where a file that cannot be read says no more than an empty one, as below /proc and /sys.
std::string read_or_empty(const std::filesystem::path& file);

// Writes a file by way of a temporary neighbour and one rename, so that a reader sees the old or the new
// content and a failure leaves the old one. Parent folders are made. Error: missing (read-only, full disk),
// naming the file.
Result<void> write_file(const std::filesystem::path& file, std::string_view content, bool executable = false);

// Whether the owner may execute the file; false where it is absent.
bool is_executable(const std::filesystem::path& file);

// Makes a folder and its parents. Error: missing, naming the folder.
Result<void> make_directories(const std::filesystem::path& directory);

// Removes a tree, read-only folders inside it included; absent is fine. Errors, naming the path: missing
// (read-only, no right); internal.
Result<void> remove_tree(const std::filesystem::path& path);

// Renames source to target in one step on the same file system. Errors: missing (read-only, full disk, no
// right); internal.
Result<void> rename_path(const std::filesystem::path& source, const std::filesystem::path& target);

// Copies a tree, links as links, execute bits kept; uses hard links for regular files when `hard_links` is
// set. Errors, naming the path: missing (read-only, full disk, no right); internal.
Result<void> copy_tree(const std::filesystem::path& source, const std::filesystem::path& target,
                       bool hard_links = false);

// What all names of a file have in common: device and inode.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

// Calls `act` with identity and apparent size for each name of a regular file in a tree, or for that of
// `path` itself; links are left out, absent is fine. Error: missing, for a folder that cannot be read.
Result<void> each_file(const std::filesystem::path& path,
                       const std::function<void(const FileId& file, std::uint64_t bytes)>& act);

// Bytes used by the regular files of a tree (apparent size; a file with several names counts once).
Result<std::uint64_t> tree_bytes(const std::filesystem::path& path);

// Bytes that the current user can still write on the file system that holds path (or its nearest existing
// parent).
Result<std::uint64_t> free_bytes(const std::filesystem::path& path);

// Writes everything that the file system of `directory` still holds in memory to the disk (syncfs(2)): what
// is renamed after that is whole even when the machine loses power. Error: missing.
Result<void> sync_file_system(const std::filesystem::path& directory);

// An advisory lock (flock) on a file, held until the object goes away or the process ends, however it ends;
// longer where a child has inherited the descriptor: until the last copy of it is closed.
class FileLock {
 public:
  enum class Kind { exclusive, shared };
  // Takes the lock at once, or gives nothing when another process holds one that excludes it. Makes the file.
  // Error: missing.
  static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& file,
                                                     Kind kind = Kind::exclusive);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  // For children that inherit the lock (RunOptions::inherited); the object goes on owning it.
  int descriptor() const { return descriptor_; }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace ortforge

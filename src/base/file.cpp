#include "ortforge/base/file.hpp"

#include <cerrno>
#include <cstdio>
#include <set>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace ortforge {
namespace {

namespace fs = std::filesystem;

std::string reason(int code) {
  return std::generic_category().message(code);
}

// The kind of error that a failed system call stands for: what the machine lacks (space, rights), or a fault.
ErrorKind kind_of(int code) {
  switch (code) {
    case EROFS:
    case ENOSPC:
    case EDQUOT:
    case EACCES:
    case EPERM:
      return ErrorKind::missing;
    default:
      return ErrorKind::internal;
  }
}

Result<void> write_all(int descriptor, std::string_view content, const fs::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(), reason(errno));
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// Gives the owner the right to change every folder of a tree, so that it can be removed.
void make_folders_writable(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(path, error))) return;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, error);
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    make_folders_writable(entry->path());
  }
}

}  // namespace

Result<std::string> read_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(ErrorKind::missing, "{}: cannot be read: {}", file.string(), reason(errno));
  std::string content;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && status.st_size > 0)
    content.reserve(static_cast<std::size_t>(status.st_size));
  std::string buffer(1U << 16U, '\0');
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int code = errno;
      ::close(descriptor);
      return fail(ErrorKind::missing, "{}: cannot be read: {}", file.string(), reason(code));
    }
    if (count == 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return content;
}

std::string read_or_empty(const fs::path& file) {
  return read_file(file).value_or(std::string());
}

Result<void> write_file(const fs::path& file, std::string_view content, bool executable) {
  if (!file.parent_path().empty()) ORTFORGE_CHECK(make_directories(file.parent_path()));
  std::string temporary = file.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(), reason(errno));
  auto written = write_all(descriptor, content, file);
  const bool closed = ::fchmod(descriptor, executable ? 0755 : 0644) == 0 && ::close(descriptor) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), file.c_str()) != 0) {
    const int code = errno;
    ::unlink(temporary.c_str());
    if (!written) return written;
    return fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(), reason(code));
  }
  return {};
}

bool is_executable(const fs::path& file) {
  std::error_code error;
  return (fs::status(file, error).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

Result<void> make_directories(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail(ErrorKind::missing, "{}: cannot be made: {}", directory.string(), error.message());
  return {};
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) {
    make_folders_writable(path);
    fs::remove_all(path, error);
  }
  if (error) return fail(kind_of(error.value()), "{}: cannot be removed: {}", path.string(), error.message());
  return {};
}

Result<void> rename_path(const fs::path& source, const fs::path& target) {
  if (::rename(source.c_str(), target.c_str()) != 0) {
    const int code = errno;
    return fail(kind_of(code), "{}: cannot be renamed to {}: {}", source.string(), target.string(),
                reason(code));
  }
  return {};
}

Result<void> copy_tree(const fs::path& source, const fs::path& target, bool hard_links) {
  std::error_code error;
  auto options = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
  if (hard_links) options |= fs::copy_options::create_hard_links;
  fs::copy(source, target, options, error);
  if (error && hard_links && error == std::errc::cross_device_link) {
    ORTFORGE_CHECK(remove_tree(target));
    return copy_tree(source, target, false);
  }
  if (error) {
    return fail(kind_of(error.value()), "{}: cannot be copied to {}: {}", source.string(), target.string(),
                error.message());
  }
  return {};
}

Result<void> each_file(const fs::path& path, const std::function<void(const FileId&, std::uint64_t)>& act) {
  const auto look = [&](const fs::path& file) {
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
    act(FileId(status.st_dev, status.st_ino), static_cast<std::uint64_t>(status.st_size));
  };
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    look(path);
    return {};
  }
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    look(entry->path());
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", path.string(), error.message());
  return {};
}

Result<std::uint64_t> tree_bytes(const fs::path& path) {
  std::uint64_t total = 0;
  std::set<FileId> seen;
  ORTFORGE_CHECK(each_file(path, [&](const FileId& file, std::uint64_t bytes) {
    if (seen.insert(file).second) total += bytes;
  }));
  return total;
}

Result<std::uint64_t> free_bytes(const fs::path& path) {
  fs::path existing = fs::absolute(path);
  std::error_code error;
  while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
  struct statvfs status {};
  if (::statvfs(existing.c_str(), &status) != 0) {
    return fail(ErrorKind::missing, "{}: free space cannot be read: {}", existing.string(), reason(errno));
  }
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Result<void> sync_file_system(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::syncfs(descriptor) == 0;
  const int code = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return {};
  return fail(ErrorKind::missing, "{}: cannot be written to disk: {}", directory.string(), reason(code));
}

Result<std::optional<FileLock>> FileLock::try_acquire(const fs::path& file, Kind kind) {
  const int operation = (kind == Kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  if (!file.parent_path().empty()) ORTFORGE_CHECK(make_directories(file.parent_path()));
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
      return fail(ErrorKind::missing, "{}: cannot be locked: {}", file.string(), reason(errno));
    if (::flock(descriptor, operation) != 0) {
      const int code = errno;
      ::close(descriptor);
      if (code == EWOULDBLOCK) return std::optional<FileLock>();
      return fail(ErrorKind::missing, "{}: cannot be locked: {}", file.string(), reason(code));
    }
    // The file may have been replaced between open and lock: then the lock is on a name nobody sees.
    struct stat held {};
    struct stat named {};
    if (::fstat(descriptor, &held) == 0 && ::stat(file.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
        held.st_dev == named.st_dev) {
      return std::optional<FileLock>(FileLock(descriptor));
    }
    ::close(descriptor);
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace ortforge

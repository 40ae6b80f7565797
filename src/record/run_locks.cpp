#include "run_locks.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace ortforge::record_detail {
namespace {

struct flock byte_of(std::int64_t run, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = run;
  lock.l_len = 1;
  return lock;
}

}  // namespace

Result<RunLocks> RunLocks::open(const std::filesystem::path& file, bool read_only) {
  const int descriptor = read_only ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC)
                                   : ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0 && !read_only) {
    return fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(),
                std::generic_category().message(errno));
  }
  return RunLocks(file, descriptor);
}

RunLocks::RunLocks(RunLocks&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      own_(std::move(other.own_)) {}

RunLocks& RunLocks::operator=(RunLocks&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(own_, other.own_);
  return *this;
}

RunLocks::~RunLocks() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> RunLocks::hold(std::int64_t run) {
  struct flock lock = byte_of(run, F_WRLCK);
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) != 0) {
    return fail(ErrorKind::internal, "{}: run {} cannot be locked: {}", file_.string(), run,
                std::generic_category().message(errno));
  }
  own_.insert(run);
  return {};
}

void RunLocks::release(std::int64_t run) {
  if (own_.erase(run) == 0) return;
  struct flock lock = byte_of(run, F_UNLCK);
  static_cast<void>(::fcntl(descriptor_, F_OFD_SETLK, &lock));
}

bool RunLocks::held(std::int64_t run) const {
  if (own_.count(run) != 0) return true;
  if (descriptor_ < 0) return false;
  struct flock lock = byte_of(run, F_WRLCK);
  return ::fcntl(descriptor_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace ortforge::record_detail

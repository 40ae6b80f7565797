#include "ortforge/build/home_lock.hpp"

#include <chrono>
#include <thread>

namespace ortforge {
namespace {

std::filesystem::path lock_file(const std::filesystem::path& home) {
  return home / "store.lock";
}

}  // namespace

Result<FileLock> use_store(const std::filesystem::path& home, const Interrupt* interrupt,
                           const std::function<void(const std::string&)>& note) {
  for (bool waiting = false;; waiting = true) {
    ORTFORGE_TRY(auto lock, FileLock::try_acquire(lock_file(home), FileLock::Kind::shared));
    if (lock) return *std::move(lock);
    if (interrupt != nullptr && interrupt->requested())
      return fail(ErrorKind::interrupted, "interrupted while waiting for a clean-up of {}", home.string());
    if (!waiting) note(fmt::format("another ortforge cleans up {}; waiting for it", home.string()));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

Result<FileLock> own_store(const std::filesystem::path& home) {
  ORTFORGE_TRY(auto lock, FileLock::try_acquire(lock_file(home)));
  if (lock) return *std::move(lock);
  return fail_with_hint(ErrorKind::missing,
                        fmt::format("{}: a build or a shell is running in this home", home.string()),
                        "call 'ortforge gc' again when it has ended");
}

}  // namespace ortforge

// Which runs have a living process. Inner header of `record`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>

#include "ortforge/base/result.hpp"

namespace ortforge::record_detail {

// Each run holds a write lock on one byte (its number) of one file beside the database. The kernel lets go of
// it when the process ends, however it ends, also in containers with process numbers of their own (fcntl(2),
// F_OFD_SETLK).
class RunLocks {
 public:
  // Opens (and makes, unless `read_only`) the file. Where there is none, no run is held. Error: missing.
  static Result<RunLocks> open(const std::filesystem::path& file, bool read_only);
  RunLocks(RunLocks&& other) noexcept;
  RunLocks& operator=(RunLocks&& other) noexcept;
  ~RunLocks();

  // Error: internal when another process holds the run, or locks do not work on this file system.
  Result<void> hold(std::int64_t run);
  void release(std::int64_t run);
  // Whether this or any other process holds the run.
  bool held(std::int64_t run) const;

 private:
  RunLocks(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::set<std::int64_t> own_;
};

}  // namespace ortforge::record_detail

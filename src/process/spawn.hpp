// posix_spawn and the descriptors around it.
#pragma once

#include <utility>

#include <sys/types.h>

#include "ortforge/base/result.hpp"
#include "ortforge/process/command.hpp"

namespace ortforge {

// A file descriptor that is closed with its owner; -1 for none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const { return number_; }
  bool open() const { return number_ >= 0; }
  void reset();

 private:
  int number_ = -1;
};

// Where a child's standard streams go.
enum class Streams {
  inherited,  // the caller's own, in the caller's process group
  piped,  // input /dev/null, output and error into `output`, in a session and process group of the child's
          // own
};

// Starts a command with exactly its own environment, default signal dispositions and, beside the standard
// streams, no descriptor but `inherited` (none when -1), as inherited_descriptor. `output` is the write end
// of a pipe for Streams::piped. Gives the process id, or the system's error number.
tl::expected<pid_t, int> spawn(const Command& command, Streams streams, int output, int inherited);

// Exited or Signaled from a status of wait4(2).
Ending ending_from_status(int status);

}  // namespace ortforge

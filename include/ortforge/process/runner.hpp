// Starts programs, watches them in one poll loop, and says how they ended and what they used.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"
#include "ortforge/process/command.hpp"

namespace ortforge {

// The user's wish to stop, set by a signal handler (or a test) and read by poll loops.
class Interrupt {
 public:
  void request() { requests_.fetch_add(1, std::memory_order_relaxed); }
  bool requested() const { return requests_.load(std::memory_order_relaxed) > 0; }
  // Asked a second time: no grace any more, running groups get SIGKILL.
  bool insisted() const { return requests_.load(std::memory_order_relaxed) > 1; }

 private:
  std::atomic<unsigned> requests_{0};
  static_assert(std::atomic<unsigned>::is_always_lock_free);
};

// The number under which a child finds the descriptor it inherits.
inline constexpr int inherited_descriptor = 3;

struct RunOptions {
  std::optional<Milliseconds> timeout;  // SIGINT, then SIGKILL to the group when it runs out
  Milliseconds grace{5000};             // between SIGINT and SIGKILL to the process group
  std::filesystem::path log_file;       // appended: everything the process writes; empty: none
  std::function<void(std::string_view)>
      on_output;       // called with each piece of output as it comes; may be empty
  int inherited = -1;  // open in the caller until start() returns; the child's inherited_descriptor; -1: none
};

using ProcessId = std::uint64_t;

// One finished process.
struct Finished {
  ProcessId id = 0;
  Outcome outcome;
};

// The boundary to the operating system's processes; tests put another implementation here and nowhere else.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  // Starts a command in a session and process group of its own (so no terminal), standard input empty,
  // standard output and error in one stream. A program that cannot be started is no error here: it is
  // reported by wait() as NotStarted. Error: missing when the log file cannot be written.
  virtual Result<ProcessId> start(const Command& command, RunOptions options) = 0;

  // Waits for output, timeouts and endings for at most `limit`; gives a process that finished, if one did. A
  // process has finished when the program started ends: what is left of its group is killed then, even if it
  // holds the pipe open. Error: missing when a log file cannot be written any more (full disk); the process
  // goes on and can be stopped.
  virtual Result<std::optional<Finished>> wait(Milliseconds limit) = 0;

  // Asks every running process group to stop (SIGINT, after its grace SIGKILL); their endings come through
  // wait().
  virtual void stop_all() = 0;

  virtual std::size_t running() const = 0;
};

// The real thing: posix_spawn, one poll loop, wait4 for resource use. `interrupt` may be null; when it is
// requested, every running group is stopped as by stop_all(). Groups still running when the runner goes away
// get SIGKILL.
//
// Start and wait in one thread that lives as long as its children: PR_SET_PDEATHSIG (bwrap --die-with-parent)
// fires when the thread that started a child ends, prctl(2). The calling process becomes a child subreaper
// (PR_SET_CHILD_SUBREAPER, prctl(2)), because the outer process of bubblewrap 0.8 ends without waiting for
// the inner one: only a subreaper gets to see what the commands in a sandbox used. Usage::peak_bytes is never
// below the peak of the calling process itself: Linux counts it in when the child calls exec.
std::unique_ptr<ProcessRunner> make_process_runner(const Interrupt* interrupt = nullptr);

// A command run to its end, with its output (standard output and error together).
struct Captured {
  Outcome outcome;
  std::string output;
};

// Runs one command and keeps its output in memory (at most 64 MiB, the rest is dropped).
Result<Captured> run_captured(const Command& command, Milliseconds timeout = Milliseconds{60000},
                              const Interrupt* interrupt = nullptr);

// Runs one command on the caller's terminal: standard streams and process group are the caller's, SIGINT and
// SIGQUIT are left to the command while it runs. For shells that a person uses. `inherited`: see RunOptions.
Outcome run_interactive(const Command& command, int inherited = -1);

// The first executable `program` in `path` ("/usr/bin:/bin"), or nothing.
std::optional<std::filesystem::path> find_program(const std::string& program, const std::string& path);

}  // namespace ortforge

// One running child of a ProcessRunner: its pipe, its log, its deadlines, its end.
#pragma once

#include <chrono>
#include <optional>

#include "spawn.hpp"
#include <sys/resource.h>

#include "ortforge/process/runner.hpp"

namespace ortforge {

using SteadyClock = std::chrono::steady_clock;

class Child {
 public:
  // Opens the log, starts the command. A command that does not start gives a Child that has ended already.
  // Errors: missing (log file), internal (no descriptors left).
  static Result<Child> start(const Command& command, RunOptions options);
  Child(Child&&) noexcept = default;
  Child& operator=(Child&&) = delete;
  // Kills what is left of the group and waits for it.
  ~Child();

  // Read end of the output pipe and process descriptor (readable once the process has ended); -1 when closed.
  int output_descriptor() const { return output_.get(); }
  int process_descriptor() const { return process_.get(); }

  // Takes what the pipe holds now (at most 1 MiB), to the log and the callback. Error: missing (log cannot be
  // written).
  Result<void> take_output();
  // Marks the end: kills the rest of the group, takes the last output, collects resource use.
  Result<void> collect();

  // Sends SIGINT now and SIGKILL once the grace is over; later calls change nothing.
  void ask_to_stop(SteadyClock::time_point now);
  void kill_group();
  // Starts stopping when the timeout has run out; kills when the grace is over.
  void check_deadlines(SteadyClock::time_point now);
  // The next moment check_deadlines has something to do.
  std::optional<SteadyClock::time_point> next_deadline() const;
  void mark_interrupted() { outcome_.interrupted = outcome_.interrupted || !ended(); }

  bool ended() const { return ended_; }
  const Outcome& outcome() const { return outcome_; }

 private:
  explicit Child(RunOptions options) : options_(std::move(options)), started_(SteadyClock::now()) {}
  void count(const rusage& usage);
  void collect_orphans();

  RunOptions options_;
  SteadyClock::time_point started_;
  std::optional<SteadyClock::time_point> kill_at_;
  bool timed_out_ = false;
  bool killed_ = false;
  bool ended_ = false;
  pid_t pid_ = 0;
  Descriptor output_;
  Descriptor process_;
  Descriptor log_;
  // Before it was asked to stop. What dies then together with the process that should wait for it, as in the
  // process namespace of a sandbox, is counted nowhere else.
  Usage used_before_stop_;
  Outcome outcome_;
};

}  // namespace ortforge

// What to run and how it ended: plain data, used by recipes, builds and records alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ortforge/base/text.hpp"

namespace ortforge {

// One program call: argv[0] is looked up in the PATH of `environment`. Nothing is inherited; no shell is
// involved.
struct Command {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::filesystem::path directory;

  bool operator==(const Command&) const = default;
};

// How a process ended; the four ways stay apart.
struct Exited {
  int code = 0;
  bool operator==(const Exited&) const = default;
};
struct Signaled {
  int signal = 0;
  bool operator==(const Signaled&) const = default;
};
struct TimedOut {
  Milliseconds limit{};
  bool operator==(const TimedOut&) const = default;
};
struct NotStarted {
  std::string reason;  // the system's words for why the program could not be started
  bool operator==(const NotStarted&) const = default;
};
using Ending = std::variant<NotStarted, Exited, Signaled, TimedOut>;

// Resources of a finished process and all descendants it waited for (wait4(2)).
struct Usage {
  Milliseconds wall{};
  Milliseconds user{};
  Milliseconds system{};
  std::uint64_t peak_bytes = 0;  // resident set of the largest single process

  bool operator==(const Usage&) const = default;
};

struct Outcome {
  Ending ending;
  Usage usage;
  bool interrupted = false;  // ended because the user asked to stop

  bool success() const {
    const auto* exited = std::get_if<Exited>(&ending);
    return exited != nullptr && exited->code == 0;
  }
  bool operator==(const Outcome&) const = default;
};

// "exit code 1", "killed by SIGSEGV", "timed out after 30.0 s", "not started: No such file or directory".
std::string describe(const Ending& ending);

// A word as a POSIX shell reads it back: as it is where no character of it means anything, else in single
// quotes.
std::string shell_word(std::string_view text);

// A command as one types it in a POSIX shell, without its directory: "A=1 cmake '-DOUTPUTS=lib;wheel'".
std::string shell_text(const Command& command);

}  // namespace ortforge

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "child.hpp"
#include <sys/wait.h>

namespace ortforge {
namespace {

constexpr std::size_t captured_limit = std::size_t{64} * 1024 * 1024;

// Ignores SIGINT and SIGQUIT while it lives: the terminal sends them to the command in front as well.
class TerminalSignalsIgnored {
 public:
  TerminalSignalsIgnored() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  TerminalSignalsIgnored(const TerminalSignalsIgnored&) = delete;
  TerminalSignalsIgnored& operator=(const TerminalSignalsIgnored&) = delete;
  ~TerminalSignalsIgnored() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

}  // namespace

Result<Captured> run_captured(const Command& command, Milliseconds timeout, const Interrupt* interrupt) {
  const auto runner = make_process_runner(interrupt);
  Captured captured;
  RunOptions options;
  options.timeout = timeout;
  options.on_output = [&captured](std::string_view text) {
    captured.output.append(text.substr(0, captured_limit - captured.output.size()));
  };
  ORTFORGE_CHECK(runner->start(command, std::move(options)));
  for (;;) {
    ORTFORGE_TRY(const auto finished, runner->wait(Milliseconds{1000}));
    if (!finished) continue;
    captured.outcome = finished->outcome;
    return captured;
  }
}

Outcome run_interactive(const Command& command, int inherited) {
  Outcome outcome;
  const auto started = SteadyClock::now();
  const TerminalSignalsIgnored ignored;
  const auto pid = spawn(command, Streams::inherited, -1, inherited);
  if (!pid) {
    outcome.ending = NotStarted{std::strerror(pid.error())};
    return outcome;
  }
  int status = 0;
  while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.ending = ending_from_status(status);
  outcome.usage.wall = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - started);
  return outcome;
}

}  // namespace ortforge

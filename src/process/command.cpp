#include "ortforge/process/command.hpp"

#include <cstring>

#include <fmt/core.h>

namespace ortforge {
namespace {

struct Describer {
  std::string operator()(const NotStarted& ending) const { return "not started: " + ending.reason; }
  std::string operator()(const Exited& ending) const { return fmt::format("exit code {}", ending.code); }
  std::string operator()(const Signaled& ending) const {
    const char* name = sigabbrev_np(ending.signal);
    return name != nullptr ? fmt::format("killed by SIG{}", name)
                           : fmt::format("killed by signal {}", ending.signal);
  }
  std::string operator()(const TimedOut& ending) const {
    return "timed out after " + format_duration(ending.limit);
  }
};

}  // namespace

std::string describe(const Ending& ending) {
  return std::visit(Describer{}, ending);
}

}  // namespace ortforge

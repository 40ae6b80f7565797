#include "ortforge/cli/commands.hpp"

namespace ortforge {

std::vector<std::unique_ptr<CliCommand>> all_commands() {
  std::vector<std::unique_ptr<CliCommand>> commands;
  return commands;
}

}  // namespace ortforge

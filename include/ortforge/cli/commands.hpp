// The commands, each made by a function of its own file (src/cli/commands/<name>.cpp).
#pragma once

#include <memory>

#include "ortforge/cli/command.hpp"

namespace ortforge {

std::unique_ptr<CliCommand> make_list_command();

}  // namespace ortforge

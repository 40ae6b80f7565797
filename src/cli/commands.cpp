#include "ortforge/cli/commands.hpp"

namespace ortforge {

std::vector<std::unique_ptr<CliCommand>> all_commands() {
  using Make = std::unique_ptr<CliCommand> (*)();
  static constexpr Make kCommands[] = {
      make_list_command, make_show_command,   make_check_command,  make_branch_command,
      make_diff_command, make_import_command, make_doctor_command, make_generate_command,
      make_lock_command, make_fetch_command,  make_plan_command,   make_build_command,
      make_test_command, make_shell_command,  make_runs_command,   make_log_command,
      make_why_command,  make_gc_command,     make_ci_command,     make_completion_command,
  };
  std::vector<std::unique_ptr<CliCommand>> commands;
  for (const Make make : kCommands) commands.push_back(make());
  return commands;
}

}  // namespace ortforge

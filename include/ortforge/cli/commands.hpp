// The commands, each made by a function of its own file (src/cli/commands/<name>.cpp).
#pragma once

#include <memory>

#include "ortforge/cli/command.hpp"

namespace ortforge {

std::unique_ptr<CliCommand> make_list_command();
std::unique_ptr<CliCommand> make_show_command();
std::unique_ptr<CliCommand> make_check_command();
std::unique_ptr<CliCommand> make_branch_command();
std::unique_ptr<CliCommand> make_diff_command();
std::unique_ptr<CliCommand> make_import_command();
std::unique_ptr<CliCommand> make_doctor_command();
std::unique_ptr<CliCommand> make_generate_command();
std::unique_ptr<CliCommand> make_lock_command();
std::unique_ptr<CliCommand> make_fetch_command();
std::unique_ptr<CliCommand> make_plan_command();
std::unique_ptr<CliCommand> make_build_command();
std::unique_ptr<CliCommand> make_test_command();
std::unique_ptr<CliCommand> make_shell_command();
std::unique_ptr<CliCommand> make_runs_command();
std::unique_ptr<CliCommand> make_log_command();
std::unique_ptr<CliCommand> make_why_command();
std::unique_ptr<CliCommand> make_gc_command();
std::unique_ptr<CliCommand> make_ci_command();
std::unique_ptr<CliCommand> make_completion_command();

}  // namespace ortforge

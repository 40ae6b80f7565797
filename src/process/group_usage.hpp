// CPU time of a process group while it runs.
#pragma once

#include <filesystem>

#include <sys/types.h>

#include "ortforge/process/runner.hpp"

namespace ortforge {

// User and system time of the live processes of the group and their descendants (Ninja gives each command a
// group of its own), and of those children of theirs that have been waited for (proc_pid_stat(5), fields 14
// to 17). Processes that cannot be read count as nothing.
Usage group_usage(pid_t group, const std::filesystem::path& proc = "/proc");

}  // namespace ortforge

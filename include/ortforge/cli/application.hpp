// The command line as a whole: parse, run one command, turn errors into words and exit codes.
#pragma once

#include "ortforge/cli/session.hpp"

namespace ortforge {

// Version of this ortforge ("0.1.0").
std::string ortforge_version();

// Runs one call; gives the exit code: 0 ok; 1 a build, test or check did not pass; 2 usage, bad input or
// infeasible; 3 the machine lacks something; 4 internal error; 130 interrupted.
int run_application(const Surroundings& surroundings);

// The exit code of an error kind.
int exit_code(ErrorKind kind);

}  // namespace ortforge

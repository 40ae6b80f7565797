// bin/python of a result directory.
#pragma once

#include <string>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// The text of a POSIX shell script for <result>/bin/python that runs the environment's python3 with the
// packages below <result>/lib/python<version>/site-packages importable. `python` is the version, "3.13".
//
// The result directory is found from the script's own real path. For a Debian root the script enters the root
// with bubblewrap, expected at ../../../environments/<id>/root seen from the script's folder, as it is for an
// entry of the store; the host's files other than its system folders, its network and its devices stay
// reachable. On the host the script executes python3 directly. The script ends with exit code 3 and says why
// when the root or bubblewrap is missing.
std::string python_launcher(const Environment& environment, const std::string& python);

}  // namespace ortforge

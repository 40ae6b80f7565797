// Comparing a Debian root with its mirror.
#pragma once

#include <string_view>
#include <vector>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// The packages that `apt-get --simulate dist-upgrade` would install, from what it prints (lines "Inst ...",
// apt-get(8)). `have` is empty for a package that is not installed yet.
std::vector<Outdated> parse_upgrades(std::string_view simulation);

}  // namespace ortforge

// The Debian mirror this machine uses, from apt's own configuration.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

struct Mirror {
  std::string uri;                       // "http://.../debian/"
  std::filesystem::path keyring;         // signing keys of the archive; empty: what apt trusts anyway
  std::vector<std::string> apt_options;  // lines of apt.conf(5) that reach it: proxies

  // A line of sources.list(5).
  std::string source_line(const std::string& suite, const std::vector<std::string>& components) const;
};

// ORTFORGE_DEBIAN_MIRROR, or the best archive of `apt-get indextargets` (apt-get(8)): one that carries
// `suite` already, else any with Debian's own packages. Error: missing, when apt knows none.
Result<Mirror> debian_mirror(const std::string& suite, const EnvironmentContext& context);

// The choice among the lines of indextargets: fields release, codename, origin, label, repository URI,
// component, separated by tabs; a field unknown to apt stands there as "$(NAME)". Empty when none fits.
std::string choose_mirror(std::string_view targets, const std::string& suite);

}  // namespace ortforge

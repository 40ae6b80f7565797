// dpkg's list of installed packages (deb-control(5), /var/lib/dpkg/status).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

struct InstalledPackage {
  std::string name;
  std::string version;
  std::string architecture;

  friend bool operator==(const InstalledPackage&, const InstalledPackage&) = default;
  friend bool operator<(const InstalledPackage& a, const InstalledPackage& b) {
    return std::tie(a.name, a.version, a.architecture) < std::tie(b.name, b.version, b.architecture);
  }
};

// The packages of a status file that are installed ("install ok installed" and other wants), sorted.
std::vector<InstalledPackage> parse_dpkg_status(std::string_view text);

// The same from <root>/var/lib/dpkg/status. Error: missing.
Result<std::vector<InstalledPackage>> installed_packages(const std::filesystem::path& root);

}  // namespace ortforge

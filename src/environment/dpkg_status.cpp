#include "dpkg_status.hpp"

#include <algorithm>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

bool take_field(std::string_view line, std::string_view field, std::string& value) {
  if (!line.starts_with(field)) return false;
  value = line.substr(field.size());
  return true;
}

}  // namespace

std::vector<InstalledPackage> parse_dpkg_status(std::string_view text) {
  std::vector<InstalledPackage> packages;
  InstalledPackage package;
  std::string status;
  const auto finish = [&] {
    if (!package.name.empty() && status.ends_with(" installed")) packages.push_back(package);
    package = {};
    status.clear();
  };
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty())
      finish();
    else if (!take_field(line, "Package: ", package.name) &&
             !take_field(line, "Version: ", package.version) &&
             !take_field(line, "Architecture: ", package.architecture))
      take_field(line, "Status: ", status);
  }
  finish();
  std::sort(packages.begin(), packages.end());
  return packages;
}

Result<std::vector<InstalledPackage>> installed_packages(const std::filesystem::path& root) {
  ORTFORGE_TRY(const auto text, read_file(root / "var/lib/dpkg/status"));
  return parse_dpkg_status(text);
}

}  // namespace ortforge

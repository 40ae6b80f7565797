#include "toolkit_links.hpp"

#include <map>
#include <system_error>
#include <utility>

#include "ortforge/base/file.hpp"

namespace ortforge {

namespace fs = std::filesystem;

Result<void> link_to(const std::string& target, const fs::path& link) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(link, error))) return {};
  ORTFORGE_CHECK(make_directories(link.parent_path()));
  fs::create_symlink(target, link, error);
  if (error) return fail(ErrorKind::missing, "{}: cannot be made: {}", link.string(), error.message());
  return {};
}

Result<void> link_libraries(const fs::path& folder) {
  std::map<std::string, std::string> links;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t version = name.find(".so.");
    if (version == std::string::npos) continue;
    std::string& chosen = links[name.substr(0, version + 3)];
    if (chosen.empty() || std::pair(name.size(), name) < std::pair(chosen.size(), chosen)) chosen = name;
  }
  for (const auto& [link, target] : links) ORTFORGE_CHECK(link_to(target, folder / link));
  return {};
}

}  // namespace ortforge

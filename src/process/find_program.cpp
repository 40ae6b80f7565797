#include <sys/stat.h>
#include <unistd.h>

#include "ortforge/base/text.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

std::optional<std::filesystem::path> find_program(const std::string& program, const std::string& path) {
  for (const auto& folder : split(path, ':')) {
    if (folder.empty()) continue;
    const std::filesystem::path candidate = std::filesystem::path(folder) / program;
    struct stat status {};
    if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return std::nullopt;
}

}  // namespace ortforge

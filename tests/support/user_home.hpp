// The home that tests share with the user, for what is dear to fetch or build.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ortforge {

// ORTFORGE_HOME, else ${XDG_CACHE_HOME:-~/.cache}/ortforge.
inline std::filesystem::path user_home() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string home = variable("ORTFORGE_HOME"); !home.empty()) return home;
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty())
    return std::filesystem::path(cache) / "ortforge";
  return std::filesystem::path(variable("HOME")) / ".cache" / "ortforge";
}

}  // namespace ortforge

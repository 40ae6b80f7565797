// Entering a root file system with bubblewrap.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// PATH inside every sandbox, and where the host's tools are looked for: never the user's own PATH.
inline constexpr const char* sandbox_path = "/usr/local/bin:/usr/bin:/bin";

// A root file system that can be entered.
class Sandbox {
 public:
  // Looks for bubblewrap in the user's PATH. `root` is "/" for the host's own system folders on an empty root
  // (so that /w can exist), or the folder of a root file system that holds an empty folder /w. Error:
  // missing.
  static Result<Sandbox> locate(const std::filesystem::path& root, const EnvironmentContext& context);

  // See Environment::wrap.
  Command wrap(const Command& command, const std::filesystem::path& work, const std::vector<Mount>& mounts,
               const SandboxUse& use) const;

 private:
  Sandbox() = default;
  std::string env_program_;
  std::string bubblewrap_;
  std::string terminal_;
  std::vector<std::string> root_arguments_;
};

// The user's PATH, or the usual one when it is not set.
std::string user_path(const EnvironmentContext& context);

}  // namespace ortforge

// The parts of an installed toolkit that its digest covers and its prefix shows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/source/installed_toolkit.hpp"

namespace ortforge {

inline constexpr int kInstalledLayout = 1;  // counts up when another prefix is made of the same folders

// Python leaves it among the headers of wheels; no part of a toolkit.
inline constexpr const char* kByteCode = "__pycache__";

struct InstalledPart {
  std::string name;              // its folder in the prefix: "bin", "include", "lib", "nvvm"
  std::filesystem::path folder;  // real path

  bool operator==(const InstalledPart&) const = default;
};

// In the order of precedence, each once: bin of the folder with nvcc, nvvm of that one or else of the first
// that has one, headers and libraries of all.
std::vector<InstalledPart> installed_parts(const InstalledToolkit& toolkit);

}  // namespace ortforge

// A CUDA toolkit that is installed on this machine, in the place of wheels (docs/toolkits.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {

struct InstalledToolkit {
  std::vector<std::filesystem::path> folders;  // real paths; of what several have, the first one's counts
  std::filesystem::path compiler;              // the first of them that holds bin/nvcc
  std::string version;                         // of nvcc: "13.0.88"

  // The version as lines of the matrix name it: "13.0".
  std::string release() const;
  // "/usr/local/cuda-13.0:/opt/cudnn"
  std::string places() const;
};

// Looks at folders that hold some of bin, include, lib, lib64 and nvvm; the version is that of version.json
// beside bin, else what nvcc says. Errors: bad_input (no such folder, one that holds none of these, one of
// the whole system), missing (no bin/nvcc, or it does not say its version), interrupted.
Result<InstalledToolkit> find_installed_toolkit(const std::vector<std::filesystem::path>& folders,
                                                const Interrupt* interrupt);

// Identifies it by what is in the parts of its folders that a prefix shows, wherever these lie. What was read
// is remembered in home/toolkits/installed.json until something in it changes; `context.installed` spares
// reading that file again. Errors: as nar_digest, interrupted.
Result<Digest> installed_digest(const InstalledToolkit& toolkit, const SourceContext& context);

// Makes a prefix of links, toolkits/<12 digits>-installed/; the digits stand for digest and folders. Errors:
// as installed_digest; missing when it cannot be written.
Result<ToolkitPrefix> link_toolkit(const InstalledToolkit& toolkit, const SourceContext& context);

// The folder beside a prefix of links by way of which these lead to others, called 0, 1 ...
inline constexpr const char* kLinkedFolders = "toolkit-folders";

// Those others, in order: who shows the prefix at X/toolkit shows them at X/toolkit-folders/<number>. Empty
// for a prefix made of wheels.
std::vector<std::filesystem::path> linked_folders(const std::filesystem::path& prefix);

}  // namespace ortforge

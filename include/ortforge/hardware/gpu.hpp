// What a program in a sandbox needs of the host to use its GPUs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ortforge {

struct GpuAccess {
  // "/dev/nvidia0", "/dev/nvidiactl" ..., or "/dev/dxg"; empty: no GPU
  std::vector<std::filesystem::path> devices;
  std::map<std::string, std::filesystem::path> files;  // of the driver, by name: "libcuda.so.1", "nvidia-smi"
  std::vector<std::filesystem::path> folders;          // of the driver, which it looks for at their places

  bool operator==(const GpuAccess&) const = default;
};

// Looks below `root` for NVIDIA's device files, or those of the Windows Subsystem for Linux, and for the
// libraries and programs that come with the driver, which no environment holds.
GpuAccess find_gpu_access(const std::filesystem::path& root = "/");

}  // namespace ortforge

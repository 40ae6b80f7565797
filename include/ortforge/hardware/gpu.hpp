// What a program in a sandbox needs of the host to use its GPUs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ortforge {

struct GpuAccess {
  std::vector<std::filesystem::path> devices;          // "/dev/nvidia0", "/dev/nvidiactl" ...; empty: no GPU
  std::map<std::string, std::filesystem::path> files;  // of the driver, by name: "libcuda.so.1", "nvidia-smi"

  bool operator==(const GpuAccess&) const = default;
};

// Looks below `root` for NVIDIA's device files and for the libraries and programs that come with the driver,
// which no environment holds.
GpuAccess find_gpu_access(const std::filesystem::path& root = "/");

}  // namespace ortforge

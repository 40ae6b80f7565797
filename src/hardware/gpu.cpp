#include "ortforge/hardware/gpu.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// Where drivers are installed, relative to the root.
constexpr std::array kLibraryFolders{"usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64",
                                     "usr/local/nvidia/lib64",   "usr/lib/wsl/lib",           "usr/lib"};
constexpr std::array kLibraries{"libcuda.so.1", "libnvidia-ml.so.1", "libnvidia-ptxjitcompiler.so.1"};
constexpr std::array kProgramFolders{"usr/bin", "usr/local/nvidia/bin", "usr/lib/wsl/lib"};
// In WSL 2 the GPU is /dev/dxg, and usr/lib/wsl holds what Windows has mounted there: in lib/ a libcuda.so.1
// that loads the driver itself from drivers/<its folder in the driver store of Windows>, by way of
// libdxcore.so. Sources: "DirectX is coming to the Windows Subsystem for Linux" (Microsoft, DirectX Developer
// Blog, 2020); pkg/nvcdi/lib-wsl.go and driver-wsl.go of NVIDIA/nvidia-container-toolkit, which mounts the
// same.
constexpr const char* kWslDevice = "dxg";
constexpr const char* kWslFolder = "usr/lib/wsl";

// The file behind the first of `folders` that has `name`; empty: none has.
template <class Folders>
fs::path first_with(const fs::path& root, const Folders& folders, const char* name) {
  for (const char* folder : folders) {
    std::error_code error;
    fs::path file = fs::canonical(root / folder / name, error);
    if (!error) return file;
  }
  return {};
}

}  // namespace

GpuAccess find_gpu_access(const fs::path& root) {
  GpuAccess access;
  std::error_code error;
  for (fs::directory_iterator item(root / "dev", error), end; !error && item != end; item.increment(error)) {
    const std::string name = item->path().filename().string();
    std::error_code ignored;
    const bool gpu = name.starts_with("nvidia") || name == kWslDevice;
    if (gpu && !fs::is_directory(item->path(), ignored)) access.devices.push_back(item->path());
  }
  std::sort(access.devices.begin(), access.devices.end());
  if (access.devices.empty()) return access;
  for (const char* name : kLibraries) {
    if (fs::path file = first_with(root, kLibraryFolders, name); !file.empty())
      access.files[name] = std::move(file);
  }
  if (fs::path file = first_with(root, kProgramFolders, "nvidia-smi"); !file.empty())
    access.files["nvidia-smi"] = std::move(file);
  if (fs::is_directory(root / kWslFolder, error)) access.folders.push_back(root / kWslFolder);
  return access;
}

}  // namespace ortforge

#include "ortforge/hardware/gpu.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

TEST(GpuAccess, IsNothingWithoutDeviceFiles) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "usr/lib64/libcuda.so.1", ""));
  EXPECT_EQ(find_gpu_access(directory.path()), GpuAccess{});
}

TEST(GpuAccess, KnowsTheWindowsSubsystemForLinux) {
  const TemporaryDirectory directory;
  const fs::path root = fs::canonical(directory.path());
  for (const char* file :
       {"dev/dxg", "dev/null", "usr/lib/wsl/lib/libcuda.so.1", "usr/lib/wsl/lib/nvidia-smi",
        "usr/lib/wsl/lib/libdxcore.so", "usr/lib/wsl/drivers/nv_1/libcuda.so.1.1"})
    ASSERT_TRUE(write_file(root / file, ""));
  const GpuAccess access = find_gpu_access(root);
  EXPECT_EQ(access.devices, std::vector<fs::path>{root / "dev/dxg"});
  EXPECT_EQ(access.folders, std::vector<fs::path>{root / "usr/lib/wsl"});
  EXPECT_EQ(access.files,
            (std::map<std::string, fs::path>{{"libcuda.so.1", root / "usr/lib/wsl/lib/libcuda.so.1"},
                                             {"nvidia-smi", root / "usr/lib/wsl/lib/nvidia-smi"}}));
}

TEST(GpuAccess, NamesDevicesAndTheDriversFiles) {
  const TemporaryDirectory directory;
  const fs::path root = fs::canonical(directory.path());
  for (const char* file : {"dev/nvidiactl", "dev/nvidia0", "dev/null", "dev/nvidia-caps/cap1",
                           "usr/lib/x86_64-linux-gnu/libcuda.so.580", "usr/bin/nvidia-smi"})
    ASSERT_TRUE(write_file(root / file, ""));
  fs::create_symlink("libcuda.so.580", root / "usr/lib/x86_64-linux-gnu/libcuda.so.1");
  const GpuAccess access = find_gpu_access(root);
  EXPECT_EQ(access.devices, (std::vector<fs::path>{root / "dev/nvidia0", root / "dev/nvidiactl"}));
  EXPECT_EQ(access.files, (std::map<std::string, fs::path>{
                              {"libcuda.so.1", root / "usr/lib/x86_64-linux-gnu/libcuda.so.580"},
                              {"nvidia-smi", root / "usr/bin/nvidia-smi"}}));
  EXPECT_TRUE(access.folders.empty());
}

}  // namespace
}  // namespace ortforge

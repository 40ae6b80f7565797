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
}

}  // namespace
}  // namespace ortforge

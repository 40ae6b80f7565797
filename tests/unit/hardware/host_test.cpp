#include "ortforge/hardware/host.hpp"

#include <algorithm>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

TEST(CpuInfo, ReadsModelAndFeaturesOfX86) {
  const CpuInfo info = parse_cpuinfo(
      "processor\t: 0\nmodel name\t: AMD EPYC 9R14\nflags\t\t: fpu avx2 fma avx512f\nbugs\t\t: none\n\n"
      "processor\t: 1\nmodel name\t: AMD EPYC 9R14\nflags\t\t: fpu avx2 fma avx512f\n");
  EXPECT_EQ(info.model, "AMD EPYC 9R14");
  EXPECT_THAT(info.features, testing::ElementsAre("avx2", "avx512f", "fma", "fpu"));
}

TEST(CpuInfo, KeepsWhatAllProcessorsHave) {
  const CpuInfo info = parse_cpuinfo(
      "processor\t: 0\nFeatures\t: fp asimd sve sve2\nCPU implementer\t: 0x41\n\nprocessor\t: 1\nFeatures\t: "
      "fp asimd sve\n");
  EXPECT_EQ(info.model, "");
  EXPECT_THAT(info.features, testing::ElementsAre("asimd", "fp", "sve"));
  EXPECT_EQ(parse_cpuinfo(""), CpuInfo{});
}

TEST(MemoryInfo, TotalsAndLimits) {
  EXPECT_EQ(parse_meminfo("MemTotal:        8000000 kB\nMemFree:  1 kB\n"), 8000000ULL * 1024);
  EXPECT_EQ(parse_meminfo("nothing here\n"), std::nullopt);
  EXPECT_EQ(parse_memory_limit("4294967296\n"), 4294967296ULL);
  EXPECT_EQ(parse_memory_limit("max\n"), std::nullopt);
  EXPECT_EQ(parse_memory_limit("9223372036854771712\n"), std::nullopt);
  EXPECT_EQ(parse_memory_limit(""), std::nullopt);
}

TEST(OsRelease, PrettyName) {
  EXPECT_EQ(parse_os_release("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(parse_os_release("PRETTY_NAME=Arch\n"), "Arch");
  EXPECT_EQ(parse_os_release("NAME=x\n"), "");
}

TEST(Cgroup, Paths) {
  EXPECT_EQ(parse_cgroup("0::/user.slice/a.scope\n"), (CgroupPaths{"/user.slice/a.scope", std::nullopt}));
  EXPECT_EQ(parse_cgroup("5:cpu,memory:/docker/1\n1:name=systemd:/\n"),
            (CgroupPaths{std::nullopt, "/docker/1"}));
}

// A made-up machine below a folder.
class DetectHost : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& text) {
    ASSERT_TRUE(write_file(root_.path() / file, text));
  }
  TemporaryDirectory root_;
};

TEST_F(DetectHost, TakesTheLowestLimitOfAllGroupsAround) {
  put("proc/cpuinfo", "model name : Test CPU\nflags : avx2 fma\n");
  put("proc/meminfo", "MemTotal: 1048576 kB\n");
  put("proc/self/cgroup", "0::/a/b\n");
  put("sys/fs/cgroup/a/memory.max", "268435456\n");
  put("sys/fs/cgroup/a/b/memory.max", "max\n");
  put("etc/os-release", "PRETTY_NAME=\"Test OS\"\n");
  const HostInfo host = detect_host(root_.path()).value();
  EXPECT_EQ(host.cpu_model, "Test CPU");
  EXPECT_EQ(host.os, "Test OS");
  EXPECT_EQ(host.memory_bytes, 268435456U);
  EXPECT_TRUE(host.memory_limited);
  EXPECT_GE(host.cores, 1);
  EXPECT_EQ(host.platform, host.machine + "-linux");
}

TEST_F(DetectHost, OldControlGroupsMountedAtTheTop) {
  put("proc/cpuinfo", "flags : avx2\n");
  put("proc/meminfo", "MemTotal: 1048576 kB\n");
  put("proc/self/cgroup", "4:memory:/on/the/host/only\n");
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
  EXPECT_EQ(detect_host(root_.path()).value().memory_bytes, 536870912U);
}

TEST_F(DetectHost, AHigherLimitThanMemoryIsNone) {
  put("proc/cpuinfo", "flags : avx2\n");
  put("proc/meminfo", "MemTotal: 1024 kB\n");
  put("proc/self/cgroup", "0::/\n");
  put("sys/fs/cgroup/memory.max", "536870912\n");
  const HostInfo host = detect_host(root_.path()).value();
  EXPECT_EQ(host.memory_bytes, 1024U * 1024);
  EXPECT_FALSE(host.memory_limited);
}

TEST_F(DetectHost, WithoutCpuinfoItIsAnError) {
  const auto host = detect_host(root_.path());
  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().kind, ErrorKind::missing);
}

TEST(Isas, MissingFeaturesAndTheBest) {
  const Hardware& hardware = shipped_matrix().hardware;
  HostInfo host;
  host.platform = "x86_64-linux";
  host.features = {"avx", "avx2", "avx512bw", "avx512dq", "avx512f", "avx512vl", "avx512_vnni", "fma"};
  EXPECT_EQ(best_isa(host, hardware), "avx512vnni");
  EXPECT_THAT(missing_features(host, hardware.isas.at("avx512bf16")), testing::ElementsAre("avx512_bf16"));
  host.features.emplace_back("avx512_bf16");
  EXPECT_EQ(best_isa(host, hardware), "avx512bf16");
  EXPECT_EQ(missing_features(host, hardware.isas.at("armv9")), hardware.isas.at("armv9").features);
  host.features = {"sse2"};
  EXPECT_EQ(best_isa(host, hardware), std::nullopt);
}

TEST(Isas, SveAloneIsArmv8) {
  const Hardware& hardware = shipped_matrix().hardware;
  HostInfo graviton3;
  graviton3.platform = "aarch64-linux";
  graviton3.features = {"asimddp", "asimdhp", "asimdrdm", "atomics", "crc32", "dcpop", "fphp", "sve"};
  EXPECT_EQ(best_isa(graviton3, hardware), "armv8_2");
}

TEST(ThisHost, IsDetected) {
  const auto host = detect_host();
  ASSERT_TRUE(host) << host.error().message;
  EXPECT_FALSE(host->features.empty());
  EXPECT_TRUE(std::is_sorted(host->features.begin(), host->features.end()));
  EXPECT_GT(host->memory_bytes, 64U * 1024 * 1024);
}

}  // namespace
}  // namespace ortforge

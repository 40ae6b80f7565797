#include "ortforge/hardware/memory.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

constexpr std::uint64_t kMiB = 1ULL << 20U;

TEST(Memory, Parsers) {
  EXPECT_EQ(parse_available_memory("MemTotal:  8000 kB\nMemAvailable:    2048 kB\n"), 2 * kMiB);
  EXPECT_EQ(parse_available_memory("MemTotal:  8000 kB\n"), std::nullopt);
  EXPECT_EQ(parse_available_memory("MemAvailable: much\n"), std::nullopt);
  EXPECT_EQ(parse_file_cache("anon 5\nfile 100\nshmem 60\ninactive_file 30\nactive_file 10\n"), 40U);
  EXPECT_EQ(parse_file_cache("inactive_file 1\ntotal_inactive_file 30\ntotal_active_file 40\n"), 70U)
      << "of the groups below, too";
  EXPECT_EQ(parse_file_cache(""), 0U);
  EXPECT_EQ(parse_memory_kills("low 0\nhigh 1\nmax 20\noom 3\noom_kill 2\noom_group_kill 1\n"), 2U);
  EXPECT_EQ(parse_memory_kills("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n"), 7U);
  EXPECT_EQ(parse_memory_kills("oom_kill_disable 1\n"), 0U) << "kernels before 4.13 do not count";
}

// A made-up machine below a folder.
class AvailableMemory : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& text) {
    ASSERT_TRUE(write_file(root_.path() / file, text));
  }
  void put_bytes(const std::string& file, std::uint64_t bytes) { put(file, std::to_string(bytes) + "\n"); }

  TemporaryDirectory root_;
};

TEST_F(AvailableMemory, IsWhatTheKernelSaysWithoutGroups) {
  EXPECT_EQ(available_memory(root_.path()), std::nullopt) << "nothing can be read";
  put("proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\n");
  EXPECT_EQ(available_memory(root_.path()), 512 * kMiB);
  put("proc/self/cgroup", "0::/user.slice\n");
  EXPECT_EQ(available_memory(root_.path()), 512 * kMiB) << "a group without files sets no limit";
}

TEST_F(AvailableMemory, IsWhatTheTightestGroupHasLeft) {
  put("proc/meminfo", "MemAvailable: 1048576 kB\n");
  put("proc/self/cgroup", "0::/a/b\n");
  put_bytes("sys/fs/cgroup/a/memory.max", 600 * kMiB);
  put_bytes("sys/fs/cgroup/a/memory.current", 300 * kMiB);
  put("sys/fs/cgroup/a/memory.stat", "inactive_file 104857600\nactive_file 52428800\n");
  put("sys/fs/cgroup/a/b/memory.max", "max\n");
  EXPECT_EQ(available_memory(root_.path()), 450 * kMiB) << "150 MiB of what is in use are page cache";
  put_bytes("sys/fs/cgroup/a/b/memory.high", 400 * kMiB);
  EXPECT_EQ(available_memory(root_.path()), 400 * kMiB) << "above memory.high everything crawls";
  put_bytes("sys/fs/cgroup/a/b/memory.current", 500 * kMiB);
  EXPECT_EQ(available_memory(root_.path()), 0U);
}

TEST_F(AvailableMemory, OldGroupsMountedAtTheTop) {
  put("proc/meminfo", "MemAvailable: 1048576 kB\n");
  put("proc/self/cgroup", "4:memory:/on/the/host/only\n0::/\n");
  put_bytes("sys/fs/cgroup/memory/memory.limit_in_bytes", 512 * kMiB);
  put_bytes("sys/fs/cgroup/memory/memory.usage_in_bytes", 200 * kMiB);
  put("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 104857600\ntotal_active_file 0\n");
  EXPECT_EQ(available_memory(root_.path()), 412 * kMiB);
}

TEST_F(AvailableMemory, KillsAreThoseOfTheOwnGroup) {
  EXPECT_EQ(memory_kills(root_.path()), 0U);
  put("proc/self/cgroup", "0::/a/b\n");
  put("sys/fs/cgroup/a/memory.events", "oom 9\noom_kill 9\n");
  EXPECT_EQ(memory_kills(root_.path()), 9U) << "the nearest that counts";
  put("sys/fs/cgroup/a/b/memory.events", "oom 4\noom_kill 3\n");
  EXPECT_EQ(memory_kills(root_.path()), 3U);
  put("proc/self/cgroup", "4:memory:/c\n0::/\n");
  put("sys/fs/cgroup/memory/c/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
  EXPECT_EQ(memory_kills(root_.path()), 5U);
}

TEST(ThisHost, HasMemoryLeft) {
  const auto available = available_memory();
  ASSERT_TRUE(available);
  EXPECT_GT(*available, 16 * kMiB);
}

}  // namespace
}  // namespace ortforge

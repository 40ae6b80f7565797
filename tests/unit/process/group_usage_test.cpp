#include "../../../src/process/group_usage.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

TEST(GroupUsage, AddsUpTheProcessesOfTheGroupAndThoseTheyStarted) {
  const TemporaryDirectory proc;
  const auto write = [&](const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file(proc.path() / name / "stat", text));
  };
  write("10", "10 (ninja) S 1 10 10 0 -1 4194304 1 2 3 4 100 20 3000 400 20 0 1 0 5");
  write("11", "11 (a) (b) 7) R 10 10 10 0 -1 4194304 1 2 3 4 50 0 0 0 20 0 1 0 5");
  write("14", "14 (compiler) R 11 14 10 0 -1 4194304 1 2 3 4 5 1 0 0 20 0 1 0 5");
  write("12", "12 (other) R 1 99 10 0 -1 4194304 1 2 3 4 7777 0 0 0 20 0 1 0 5");
  write("13", "13 (short) R 10 10");
  write("self", "15 (link) R 10 10 10 0 -1 4194304 1 2 3 4 7777 0 0 0 20 0 1 0 5");
  const Usage usage = group_usage(10, proc.path());
  const long ticks = ::sysconf(_SC_CLK_TCK);
  EXPECT_EQ(usage.user, Milliseconds{3155 * 1000 / ticks});
  EXPECT_EQ(usage.system, Milliseconds{421 * 1000 / ticks});
  EXPECT_EQ(group_usage(5, proc.path()).user, Milliseconds{0});
}

}  // namespace
}  // namespace ortforge

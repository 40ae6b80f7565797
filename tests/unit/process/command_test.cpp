#include "ortforge/process/command.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace ortforge {
namespace {

TEST(DescribeEnding, SaysWhatHappened) {
  EXPECT_EQ(describe(Exited{1}), "exit code 1");
  EXPECT_EQ(describe(Signaled{SIGSEGV}), "killed by SIGSEGV");
  EXPECT_EQ(describe(Signaled{SIGRTMIN + 20}), "killed by signal " + std::to_string(SIGRTMIN + 20));
  EXPECT_EQ(describe(TimedOut{Milliseconds{30000}}), "timed out after 30.0 s");
  EXPECT_EQ(describe(NotStarted{"No such file or directory"}), "not started: No such file or directory");
}

TEST(Outcome, SucceedsOnlyWithExitCodeZero) {
  EXPECT_TRUE((Outcome{Exited{0}, {}, false}.success()));
  EXPECT_FALSE((Outcome{Exited{1}, {}, false}.success()));
  EXPECT_FALSE((Outcome{Signaled{SIGTERM}, {}, false}.success()));
  EXPECT_FALSE((Outcome{}.success()));
}

}  // namespace
}  // namespace ortforge

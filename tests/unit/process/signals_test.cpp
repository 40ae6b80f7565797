#include "ortforge/process/signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace ortforge {
namespace {

TEST(SignalHandlers, SetTheInterruptAndRestoreWhatWasThere) {
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGTERM, nullptr, &before), 0);
  Interrupt interrupt;
  {
    const auto handlers = SignalHandlers::install(interrupt);
    ASSERT_TRUE(handlers);
    EXPECT_FALSE(interrupt.requested());
    ::raise(SIGTERM);
    EXPECT_TRUE(interrupt.requested());
    EXPECT_FALSE(interrupt.insisted());
    ::raise(SIGINT);
    EXPECT_TRUE(interrupt.insisted());
  }
  struct sigaction after {};
  ASSERT_EQ(::sigaction(SIGTERM, nullptr, &after), 0);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
}

TEST(SignalHandlers, ExistOnce) {
  Interrupt interrupt;
  const auto first = SignalHandlers::install(interrupt);
  ASSERT_TRUE(first);
  EXPECT_FALSE(SignalHandlers::install(interrupt));
}

TEST(SignalHandlers, LeaveAnIgnoredSignalIgnored) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(::sigaction(SIGHUP, &ignore, &before), 0);
  Interrupt interrupt;
  {
    const auto handlers = SignalHandlers::install(interrupt);
    ASSERT_TRUE(handlers);
    ::raise(SIGHUP);
    EXPECT_FALSE(interrupt.requested());
  }
  ::sigaction(SIGHUP, &before, nullptr);
}

}  // namespace
}  // namespace ortforge

#include "ortforge/build/progress.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

TEST(NinjaLog, KeepsTheNewestTimeOfEachObject) {
  const auto costs = parse_ninja_log(
      "# ninja log v5\n0\t100\t0\ta.o\tf00\n50\t250\t0\tb.o\tf01\n0\t30\t0\ta.o\tf00\nbroken "
      "line\n9\t1\t0\tc.o\tf\n");
  ASSERT_EQ(costs.size(), 2U);
  EXPECT_EQ(costs[0].object, "a.o");
  EXPECT_EQ(costs[0].wall_ms, 30);
  EXPECT_EQ(costs[1].wall_ms, 200);
}

TEST(NinjaLog, ReadsStatusLines) {
  EXPECT_EQ(parse_ninja_status("[12/345] Building CXX object a.o"), (NinjaProgress{12, 345}));
  for (const char* line : {"", "[1/2", "x [1/2]", "[a/2] b", "[3/2] more than all", "[0/0]"}) {
    EXPECT_FALSE(parse_ninja_status(line)) << line;
  }
}

TEST(Progress, StartsFromRecordedCosts) {
  ProgressModel model(2, 2);
  model.expect(0, 60000, {});
  model.expect(1, 20000, {});
  EXPECT_EQ(model.view(0).remaining_ms, 40000) << "80 s of work on 2 cores";
  EXPECT_EQ(model.view(0).total, 2U);
}

TEST(Progress, FollowsTheSpeedOfThisMachine) {
  ProgressModel model(1, 2);
  model.expect(0, 60000, {{"a", 1000}, {"b", 3000}});
  model.start(0, 1000);
  model.set_objects(0, {});
  model.set_objects(0, {{"a", 5000}});
  EXPECT_EQ(model.view(21000).remaining_ms, 53750)
      << "a quarter took 20 s, so three quarters would take 60 s; recorded were 22.5 s";
}

TEST(Progress, WorkOfAnEarlierAttemptDoesNotCountAsSpeed) {
  ProgressModel model(1, 1);
  model.expect(0, 60000, {{"a", 1000}, {"b", 1000}, {"c", 1000}, {"d", 1000}});
  model.start(0, 1000);
  model.set_objects(0, {{"a", 1}, {"b", 1}});
  model.set_objects(0, {{"a", 1}, {"b", 1}, {"c", 1}});
  EXPECT_EQ(model.view(11000).remaining_ms, 10454)
      << "one quarter took 10 s, one quarter is left; recorded were 15 s";
}

TEST(Progress, WhatTheCompilerCacheAnsweredAtFirstDoesNotPromiseTheRest) {
  ProgressModel model(1, 1);
  model.expect(0, 2'000'000, {{"cached", 1'000'000}, {"a", 100'000}, {"b", 900'000}});
  model.start(0, 1000);
  model.set_objects(0, {});
  model.set_objects(0, {{"cached", 1}});
  EXPECT_EQ(model.view(11'000).remaining_ms, 100'000)
      << "half the work in ten seconds, but recorded were 1000 s";
  EXPECT_GT(model.view(100'000).remaining_ms, 90'000);
  model.set_objects(0, {{"cached", 1}, {"a", 100'000}});
  EXPECT_EQ(model.view(211'000).remaining_ms, 1'350'000)
      << "in the last 200 s a twentieth was done, and nine are left; recorded were 900 s";
}

TEST(Progress, ABusyMinuteAtTheBeginningDoesNotMultiplyWhatIsSaid) {
  ProgressModel model(1, 2);
  model.expect(0, 5'400'000, {{"a", 100}, {"b", 5'399'900}});
  model.start(0, 1000);
  model.set_objects(0, {});
  model.set_objects(0, {{"a", 900}});
  EXPECT_LT(model.view(181'000).remaining_ms, 3 * 2'700'000)
      << "three minutes in which nothing came to its end";
}

TEST(Progress, AStepThatPausesKeepsWhatItHasDone) {
  ProgressModel model(1, 1);
  model.expect(0, 60000, {{"a", 1000}, {"b", 1000}});
  model.start(0, 1000);
  model.set_objects(0, {});
  model.set_objects(0, {{"a", 1}});
  model.pause(0);
  EXPECT_TRUE(model.view(6000).running.empty());
  EXPECT_EQ(model.view(6000).total, 1U);
  model.start(0, 11000);
  model.set_objects(0, {{"a", 1}});
  EXPECT_EQ(model.view(21000).remaining_ms, 20909)
      << "one half took 20 s, counted from the first start; recorded were 30 s";
}

TEST(Progress, CountsObjectsWhereNothingIsRecorded) {
  ProgressModel model(1, 1);
  model.expect(0, 60000, {});
  model.start(0, 1000);
  model.set_objects(0, {});
  model.set_status(0, {10, 40});
  EXPECT_EQ(model.view(5000).remaining_ms, 17500)
      << "a quarter took 4 s, so three would take 12 s; the matrix says 45 s";
  EXPECT_EQ(model.view(5000).running.at(0).objects, (NinjaProgress{10, 40}));
}

TEST(Progress, FinishedAndDroppedSteps) {
  ProgressModel model(3, 1);
  for (std::size_t i = 0; i < 3; ++i) model.expect(i, 1000, {});
  model.start(0, 1);
  model.finish(0);
  model.drop(1);
  const ProgressView view = model.view(1001);
  EXPECT_EQ(view.done, 1U);
  EXPECT_EQ(view.total, 2U);
  EXPECT_EQ(view.remaining_ms, 1000);
}

}  // namespace
}  // namespace ortforge

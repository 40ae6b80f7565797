#include "../../../src/build/schedule.hpp"

#include "../../../src/build/step_record.hpp"
#include <gtest/gtest.h>

namespace ortforge::build_detail {
namespace {

Step step(const std::string& scope, const std::string& kind, std::vector<std::size_t> needs) {
  Step result;
  result.recipe.scope = scope;
  result.recipe.kind = kind;
  result.needs = std::move(needs);
  return result;
}

// prepare <- (avx2, avx512 <- package)
Plan small_plan() {
  Plan plan;
  plan.steps = {step("prepare", "prepare", {}), step("core-avx2", "build", {0}),
                step("core-avx512", "build", {0}), step("package-avx512", "package", {2})};
  return plan;
}

class ScheduleTest : public testing::Test {
 protected:
  Schedule schedule(std::size_t jobs, const std::set<std::size_t>& done = {}) const {
    Schedule result(plan_, jobs);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      result.set(i, done.contains(i) ? StepState::done : StepState::pending);
    return result;
  }

  // One running step that has so many cores.
  static Load busy(std::size_t jobs) {
    Load load;
    load.add({jobs, jobs, 0, false});
    return load;
  }

  Plan plan_ = small_plan();
};

TEST_F(ScheduleTest, OnlyStepsWhoseNeedsAreDoneAreReady) {
  EXPECT_EQ(schedule(4).ready(), std::vector<std::size_t>{0});
  EXPECT_EQ(schedule(4, {0}).ready(), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(schedule(4, {0, 2}).ready(), (std::vector<std::size_t>{1, 3}));
}

TEST_F(ScheduleTest, TheLongestChainStartsFirst) {
  Schedule work = schedule(4, {0});
  work.set_costs({1, 100, 60, 50});
  EXPECT_EQ(work.ready(), (std::vector<std::size_t>{2, 1})) << "60 + 50 behind it against 100";
  work.set_costs({1, 100, 60, 30});
  EXPECT_EQ(work.ready(), (std::vector<std::size_t>{1, 2}));
}

TEST_F(ScheduleTest, BuildsShareTheCores) {
  const Schedule work = schedule(5, {0});
  const auto first = work.next({}, {});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->step, 1U);
  EXPECT_EQ(first->share.jobs, 2U);
  EXPECT_EQ(work.next(busy(2), {1})->share.jobs, 3U) << "the last one takes what is left";
  EXPECT_EQ(schedule(5).next({}, {})->share.jobs, 1U) << "preparing is no parallel work";
  EXPECT_FALSE(work.next(busy(5), {}));
}

TEST_F(ScheduleTest, LongBuildsTakeTurns) {
  Schedule work = schedule(2, {0});
  work.set_costs({1, 400'000, 3'000'000, 1});
  const auto first = work.next({}, {});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->step, 2U);
  EXPECT_EQ(first->share.jobs, 2U);
  EXPECT_FALSE(work.next(busy(1), {})) << "waits for the second core";
  work.set(1, StepState::done);
  work.set(2, StepState::done);
  EXPECT_EQ(work.next(busy(1), {})->step, 3U);
  Schedule later = schedule(2, {0, 2});
  later.set_costs({1, 400'000, 3'000'000, 1});
  EXPECT_EQ(later.next(busy(1), {})->step, 3U) << "what is short does not wait behind it";
  Schedule large = schedule(16, {0});
  large.set_costs({1, 400'000, 3'000'000, 1});
  large.set_demands({{}, {1, 1}, {10, 10}, {}});
  EXPECT_EQ(large.next({}, {})->share.jobs, 8U) << "two at a time";
  EXPECT_EQ(large.next(busy(8), {2})->share.jobs, 8U);
  work.set_costs({1, 200'000, 200'000, 1});
  EXPECT_EQ(work.next({}, {})->share.jobs, 1U) << "short ones share";
}

TEST_F(ScheduleTest, LongBuildsComeInEqualTurns) {
  Plan plan;
  for (int i = 0; i < 9; ++i) plan.steps.push_back(step("core", "build", {}));
  Schedule work(plan, 34);
  for (std::size_t i = 0; i < 9; ++i) work.set(i, StepState::pending);
  work.set_costs(std::vector<std::int64_t>(9, 3'600'000));
  work.set_demands(std::vector<Demand>(9, {1, 1}));
  std::size_t running = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto start = work.next(busy(running), {});
    ASSERT_TRUE(start) << i;
    EXPECT_EQ(start->share.jobs, 11U) << i;
    running += start->share.jobs;
    work.set(start->step, StepState::running);
  }
  EXPECT_FALSE(work.next(busy(running), {})) << "three times three, and not twice four and a last one";
  work.set(0, StepState::done);
  EXPECT_EQ(work.next(busy(22), {})->share.jobs, 11U) << "the fourth takes the place of the first";
}

TEST_F(ScheduleTest, ALongBuildWaitsForNoMoreThanEightCores) {
  Schedule work = schedule(16, {0});
  work.set_costs({1, 1, 3'000'000, 1});
  EXPECT_EQ(work.next({}, {})->share.jobs, 16U) << "the only one takes what there is";
  EXPECT_EQ(work.next(busy(6), {})->share.jobs, 10U) << "short steps do not hold it up";
  EXPECT_EQ(work.next(busy(9), {})->step, 1U) << "seven are too few";
}

TEST_F(ScheduleTest, ALongBuildTakesTheMemoryOfThoseThatWait) {
  Schedule work(plan_, 8, 100);
  work.set(0, StepState::done);
  for (std::size_t i = 1; i < plan_.steps.size(); ++i) work.set(i, StepState::pending);
  work.set_costs({1, 400'000, 3'000'000, 1});
  work.set_demands({{}, {20, 20}, {20, 20}, {}});
  EXPECT_EQ(work.next({}, {})->share.heavy_jobs, 5U);
  work.set_costs({1, 1, 1, 1});
  EXPECT_EQ(work.next({}, {})->share.heavy_jobs, 2U);
}

TEST_F(ScheduleTest, AStepThatWaitsForAnotherProcessHoldsNobodyUp) {
  const Schedule work = schedule(1, {0});
  ASSERT_EQ(work.next({}, {})->step, 1U);
  EXPECT_EQ(work.next({}, {1})->step, 2U);
  EXPECT_FALSE(work.next({}, {1, 2}));
}

TEST_F(ScheduleTest, AStepThatIsSoughtElsewhereKeepsItsShare) {
  Schedule work = schedule(4, {0});
  work.set(2, StepState::sought);
  EXPECT_EQ(work.ready(), std::vector<std::size_t>{1});
  EXPECT_EQ(work.next({}, {})->share.jobs, 2U);
  work.set(2, StepState::done);
  EXPECT_EQ(work.next({}, {3})->share.jobs, 4U) << "found";
}

TEST_F(ScheduleTest, WhatFailedBlocksWhatNeedsIt) {
  Schedule work = schedule(2, {0});
  work.set(2, StepState::failed);
  EXPECT_EQ(work.ready(), std::vector<std::size_t>{1});
  EXPECT_EQ(work.blocked_by(3), "core-avx512");
  EXPECT_EQ(work.blocked_by(1), "");
}

TEST(StepRecord, ResultsAndTestsAreMarked) {
  Plan plan = small_plan();
  plan.steps.push_back(step("test-avx512", "test", {3}));
  plan.results = {{"v", 3, 4}};
  BuildContext context;
  context.now_ms = [] { return std::int64_t{7}; };
  context.run_id = 12;
  EXPECT_EQ(new_step_record(plan, 2, context).role, "");
  EXPECT_EQ(new_step_record(plan, 3, context).role, "result");
  const StepRecord record = new_step_record(plan, 4, context);
  EXPECT_EQ(record.role, "test");
  EXPECT_EQ(record.started_ms, 7);
  EXPECT_EQ(record.log, "logs/run-000012/test-avx512.log");
  EXPECT_EQ(not_run(record, "skipped", "why").log, "") << "what did not run has no log";
}

}  // namespace
}  // namespace ortforge::build_detail

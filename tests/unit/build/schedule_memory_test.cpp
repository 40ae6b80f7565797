// Steps are admitted by memory as well as by cores. Sizes are in units that nobody names.
#include <utility>

#include "../../../src/build/schedule.hpp"
#include <gtest/gtest.h>

namespace ortforge::build_detail {
namespace {

TEST(Share, AsManyJobsAsFit) {
  EXPECT_EQ(fitting_share({0, 0}, 8, 10), (Share{8, 8, 0, false})) << "nothing is known of it";
  EXPECT_EQ(fitting_share({3, 3}, 8, 10), (Share{3, 3, 9, false}));
  EXPECT_EQ(fitting_share({3, 3}, 2, 10), (Share{2, 2, 6, false}));
  EXPECT_EQ(fitting_share({30, 30}, 8, 10), (Share{1, 1, 30, false})) << "one in any case";
}

TEST(Share, HeavyJobsFirstAndOrdinaryOnesWithWhatIsLeft) {
  EXPECT_EQ(fitting_share({4, 1}, 8, 10), (Share{4, 2, 10, false})) << "4 + 4 + 1 + 1";
  EXPECT_EQ(fitting_share({4, 1}, 3, 10), (Share{3, 2, 9, false}));
  EXPECT_EQ(fitting_share({4, 1}, 2, 100), (Share{2, 2, 8, false}));
  EXPECT_EQ(fitting_share({4, 1}, 8, 2), (Share{1, 1, 4, false}));
  EXPECT_EQ(fitting_share({4, 0}, 8, 5), (Share{8, 1, 4, false})) << "nothing is known of the ordinary ones";
}

// Builds "a", "b", "c" and a package that needs nothing, in this order of cost.
class MemoryScheduleTest : public testing::Test {
 protected:
  MemoryScheduleTest() {
    for (const char* scope : {"a", "b", "c", "package"}) {
      Step step;
      step.recipe.scope = scope;
      step.recipe.kind = step.recipe.scope == "package" ? "package" : "build";
      plan_.steps.push_back(step);
    }
  }

  Schedule schedule(std::size_t jobs, std::optional<std::uint64_t> memory,
                    std::vector<Demand> demands) const {
    Schedule result(plan_, jobs, memory);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) result.set(i, StepState::pending);
    result.set_costs({4, 3, 2, 1});
    result.set_demands(std::move(demands));
    return result;
  }

  // What starts now, in order, beside what is in `load`.
  static std::vector<std::pair<std::size_t, Share>> starts(const Schedule& work, Load load = {}) {
    std::vector<std::pair<std::size_t, Share>> all;
    std::set<std::size_t> tried;
    while (const auto next = work.next(load, tried)) {
      tried.insert(next->step);
      load.add(next->share);
      all.emplace_back(next->step, next->share);
    }
    return all;
  }

  using Starts = std::vector<std::pair<std::size_t, Share>>;
  Plan plan_;
};

TEST_F(MemoryScheduleTest, WithoutALimitMemoryDoesNotCount) {
  const Starts all = starts(schedule(4, std::nullopt, {{9, 9}, {9, 9}, {9, 9}, {9, 9}}));
  const Share share{1, 1, 9, false};
  EXPECT_EQ(all, (Starts{{0, share}, {1, share}, {2, share}, {3, share}}));
}

TEST_F(MemoryScheduleTest, RunningStepsStayWithinTheLimit) {
  const Starts all = starts(schedule(40, 10, {{3, 3}, {3, 3}, {3, 3}, {3, 3}}));
  EXPECT_EQ(all, (Starts{{0, {1, 1, 3, false}}, {1, {1, 1, 3, false}}, {2, {1, 1, 3, false}}}));
}

TEST_F(MemoryScheduleTest, WhatOneLeavesOthersUse) {
  const Starts all = starts(schedule(8, 8, {{4, 4}, {1, 1}, {1, 1}, {0, 0}}));
  const Share small{1, 1, 1, false};
  EXPECT_EQ(all, (Starts{{0, {1, 1, 4, false}}, {1, small}, {2, small}, {3, {1, 1, 0, false}}}))
      << "shares are those of the steps that are ready";
  const Schedule two = schedule(8, 8, {{4, 4}, {1, 1}, {9, 9}, {9, 9}});
  EXPECT_EQ(two.next({}, {2, 3})->share, (Share{1, 1, 4, false}));
  EXPECT_EQ(two.next({1, 1, 4, false}, {0, 2, 3})->share, (Share{4, 4, 4, false}));
}

TEST_F(MemoryScheduleTest, AStepThatDoesNotFitNowLetsSmallerOnesGo) {
  const Schedule work = schedule(8, 10, {{8, 8}, {8, 8}, {2, 2}, {0, 0}});
  const Starts all = starts(work);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].first, 0U) << "the longest chain first";
  EXPECT_EQ(all[1].first, 2U);
  EXPECT_EQ(all[2].first, 3U);
}

TEST_F(MemoryScheduleTest, AStepThatExceedsTheLimitRunsAloneWithOneJob) {
  const Schedule work = schedule(8, 10, {{12, 12}, {1, 1}, {1, 1}, {0, 0}});
  EXPECT_EQ(starts(work), (Starts{{0, {1, 1, 12, true}}})) << "nothing starts beside it";
  EXPECT_EQ(starts(work, {1, 1, 1, false}), Starts{}) << "it waits, and so does what stands behind it";
}

TEST_F(MemoryScheduleTest, AStepMayBeToldToRunAlone) {
  Schedule work = schedule(8, std::nullopt, {{1, 1}, {1, 1}, {1, 1}, {0, 0}});
  work.set_alone(1);
  const Starts all = starts(work);
  ASSERT_EQ(all.size(), 1U) << "the longer chain still goes first";
  EXPECT_EQ(all[0].first, 0U);
  work.set(0, StepState::done);
  EXPECT_EQ(starts(work), (Starts{{1, {1, 1, 1, true}}}));
}

}  // namespace
}  // namespace ortforge::build_detail

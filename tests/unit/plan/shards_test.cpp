#include "ortforge/plan/shards.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

using Shards = std::vector<Shard>;

// A core and for each result a package that needs one of the cores.
Plan plan_of(std::size_t cores, const std::vector<std::size_t>& core_of_result) {
  Plan plan;
  plan.steps.resize(cores);
  for (const std::size_t core : core_of_result) {
    Step package;
    package.needs = {core};
    plan.results.push_back({"v" + std::to_string(plan.results.size()), plan.steps.size(), std::nullopt});
    plan.steps.push_back(std::move(package));
  }
  return plan;
}

TEST(Shards, TheDearestGoesFirstAndTheRestFills) {
  const Plan plan = plan_of(4, {0, 1, 2, 3});
  const std::vector<std::int64_t> costs{10, 40, 20, 30, 0, 0, 0, 0};
  EXPECT_EQ(make_shards(plan, costs, 2), (Shards{{{0, 1}, 50}, {{2, 3}, 50}}));
}

TEST(Shards, WhatSharesAComponentComesTogether) {
  const Plan plan = plan_of(2, {0, 1, 0, 1});
  const std::vector<std::int64_t> costs{100, 100, 1, 1, 1, 1};
  EXPECT_EQ(make_shards(plan, costs, 2), (Shards{{{0, 2}, 102}, {{1, 3}, 102}}));
}

TEST(Shards, ATestCountsAndIsTakenOnce) {
  Plan plan = plan_of(1, {0, 0});
  Step test;
  test.needs = {1};
  plan.results[0].test = plan.steps.size();
  plan.steps.push_back(std::move(test));
  EXPECT_EQ(make_shards(plan, {5, 1, 1, 10}, 1), (Shards{{{0, 1}, 17}}));
}

TEST(Shards, ThereAreNoMoreThanResults) {
  EXPECT_EQ(make_shards(plan_of(2, {0, 1}), {1, 1, 1, 1}, 8).size(), 2U);
  EXPECT_TRUE(make_shards(Plan{}, {}, 8).empty());
}

TEST(Shards, WithoutCostsTheyAreEqual) {
  const Plan plan = plan_of(1, {0, 0, 0, 0});
  EXPECT_EQ(make_shards(plan, {0, 0, 0, 0, 0}, 2), (Shards{{{0, 2}, 0}, {{1, 3}, 0}}));
}

TEST(Shards, NoneIsEmpty) {
  const Plan plan = plan_of(1, {0, 0});
  EXPECT_EQ(make_shards(plan, {100, 0, 0}, 2), (Shards{{{0, 1}, 100}}))
      << "the second result costs nothing where the first is";
}

}  // namespace
}  // namespace ortforge

// Memory in the execution of plans: who runs beside whom, and what was killed for memory runs again.
#include <csignal>
#include <filesystem>

#include "support/fake_build.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

using Words = std::vector<std::string>;

constexpr std::uint64_t kGB = 1000000000;
constexpr const char* kKilled = "g++: fatal error: Killed signal terminated program cc1plus\n";

class ExecutorMemoryTest : public testing::Test {
 protected:
  ExecutorMemoryTest() {
    for (const char* core : {"core-a", "core-b", "core-c"}) build_.step(core).recipe.peak_bytes = 3 * kGB;
  }

  BuildReport run(std::size_t jobs, std::optional<std::uint64_t> memory, bool fail_fast = false) {
    BuildOptions options;
    options.jobs = jobs;
    options.memory = memory;
    options.fail_fast = fail_fast;
    const auto report = build_.run(options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : BuildReport{};
  }

  // The command of core-a fails in its first `times` runs, saying `output`.
  void fail_first(std::size_t times, const std::string& output) {
    build_.runner.effects["core-a"] = [this, times, output, seen = std::size_t{0}]() mutable {
      const bool fails = seen++ < times;
      build_.runner.outcomes["core-a"] = {fails ? Exited{1} : Exited{0}, {}, false};
      build_.runner.outputs["core-a"] = fails ? output : std::string();
    };
  }

  // "core-a: failed; reason", as the record has them.
  Words recorded(const std::string& scope) const {
    Words words;
    for (const StepRecord& step : build_.recorder.steps) {
      if (step.scope == scope) words.push_back(step.status + "; " + step.reason);
    }
    return words;
  }

  // Jobs of each start, in order: "core-a 2".
  Words jobs() const {
    Words words;
    for (const auto& start : build_.runner.started)
      words.push_back(start.program + " " + std::to_string(start.cores));
    return words;
  }

  FakeBuild build_{{"a", "b", "c"}};
};

TEST_F(ExecutorMemoryTest, StepsWaitForMemory) {
  EXPECT_TRUE(run(12, 7 * kGB).success());
  const auto& started = build_.runner.started;
  ASSERT_EQ(started.size(), 6U);
  EXPECT_EQ(jobs()[0], "core-a 1");
  EXPECT_EQ(jobs()[1], "core-b 1");
  for (const auto& start : started) EXPECT_LE(start.beside, 2U) << start.program;
}

TEST_F(ExecutorMemoryTest, WithoutALimitCoresDecide) {
  EXPECT_TRUE(run(12, std::nullopt).success());
  EXPECT_EQ(jobs()[0], "core-a 4");
  EXPECT_EQ(build_.runner.most_cores, 12U);
}

TEST_F(ExecutorMemoryTest, AStepLargerThanAllMemoryRunsAlone) {
  build_.step("core-b").recipe.peak_bytes = 9 * kGB;
  EXPECT_TRUE(run(12, 7 * kGB).success());
  bool seen = false;
  for (const auto& start : build_.runner.started) {
    if (start.program != "core-b") continue;
    seen = true;
    EXPECT_EQ(start.cores, 1U);
    EXPECT_EQ(start.beside, 0U);
  }
  EXPECT_TRUE(seen);
}

TEST_F(ExecutorMemoryTest, RecordedPeaksCountMoreThanTheMatrix) {
  build_.recorder.last["core-a"].usage.peak_bytes = kGB;
  build_.recorder.last["core-b"].usage.peak_bytes = kGB;
  build_.recorder.last["core-b"].reason = kGoesOn;
  EXPECT_TRUE(run(9, 18 * kGB).success());
  EXPECT_EQ((Words{jobs()[0], jobs()[1]}), (Words{"core-a 3", "core-b 2"}))
      << "a run that only finished core-b may have missed its largest process";
}

TEST_F(ExecutorMemoryTest, HeavyTargetsGetAPoolOfTheirOwn) {
  RecipeStep& recipe = build_.step("core-a").recipe;
  recipe.peak_bytes = kGB;
  recipe.heavy_bytes = 4 * kGB;
  recipe.expected_cpu_ms = 10;
  EXPECT_TRUE(run(24, 30 * kGB).success());
  const auto& first = build_.runner.started.at(0);
  EXPECT_EQ(first.program, "core-a");
  EXPECT_EQ(first.heavy_jobs, "2") << "of a third of the memory";
  EXPECT_EQ(first.cores, 4U);
  EXPECT_EQ(build_.runner.started.at(1).heavy_jobs, "") << "core-b has none";
}

TEST_F(ExecutorMemoryTest, WhatWasKilledForMemoryRunsAgainAlone) {
  fail_first(1, kKilled);
  const BuildReport report = run(12, std::nullopt);
  EXPECT_EQ(step_words(report), (Words{"core-a: built", "core-b: built", "core-c: built", "package-a: built",
                                       "package-b: built", "package-c: built"}));
  EXPECT_TRUE(report.success());
  EXPECT_EQ(recorded("core-a"),
            (Words{"failed; killed for memory; tried again alone",
                   "built; goes on alone, with one job, after it was killed for memory"}));
  std::size_t runs = 0;
  for (const auto& start : build_.runner.started) {
    if (start.program != "core-a" || ++runs == 1) continue;
    EXPECT_EQ(start.cores, 1U);
    EXPECT_EQ(start.beside, 0U);
  }
  EXPECT_EQ(runs, 2U);
}

TEST_F(ExecutorMemoryTest, TheKernelsCounterTellsAsWell) {
  fail_first(1, "");
  build_.runner.before_wait = [this] { build_.memory_kills = 1; };
  EXPECT_TRUE(run(12, std::nullopt).success());
  EXPECT_EQ(recorded("core-a").size(), 2U);
}

TEST_F(ExecutorMemoryTest, ItRunsAgainOnce) {
  fail_first(9, kKilled);
  const BuildReport report = run(12, std::nullopt);
  EXPECT_EQ(report.steps.at(0).status, "failed");
  EXPECT_EQ(recorded("core-a"),
            (Words{"failed; killed for memory; tried again alone",
                   "failed; goes on alone, with one job, after it was killed for memory"}));
  EXPECT_EQ(recorded("package-a"), Words{"not run; core-a did not succeed"});
  EXPECT_TRUE(std::filesystem::exists(build_.work("core-a"))) << "what it had finished is kept";
}

TEST_F(ExecutorMemoryTest, OtherFailuresAreNotTriedAgain) {
  fail_first(1, "a.cpp:1:1: error: expected ';'\n");
  EXPECT_EQ(run(12, std::nullopt).steps.at(0).status, "failed");
  EXPECT_EQ(recorded("core-a"), Words{"failed; no output in the store"});
}

TEST_F(ExecutorMemoryTest, NeitherIsWhatRanOutOfTime) {
  build_.runner.outputs["core-a"] = kKilled;
  build_.runner.outcomes["core-a"] = {TimedOut{Milliseconds{1000}}, {}, false};
  EXPECT_EQ(run(12, std::nullopt).steps.at(0).status, "failed");
  EXPECT_EQ(recorded("core-a").size(), 1U);
}

TEST_F(ExecutorMemoryTest, AKilledStepIsNoFirstFailure) {
  fail_first(1, kKilled);
  EXPECT_TRUE(run(12, std::nullopt, true).success()) << "with --fail-fast";
}

TEST_F(ExecutorMemoryTest, AStepThatWasAloneIsNotTriedAgain) {
  build_.step("core-a").recipe.peak_bytes = 9 * kGB;
  fail_first(9, kKilled);
  EXPECT_EQ(run(12, 7 * kGB).steps.at(0).status, "failed");
  EXPECT_EQ(recorded("core-a").size(), 1U);
}

}  // namespace
}  // namespace ortforge

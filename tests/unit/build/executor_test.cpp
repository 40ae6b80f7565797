#include "ortforge/build/executor.hpp"

#include <csignal>
#include <filesystem>
#include <set>

#include "support/fake_build.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

using Words = std::vector<std::string>;

class ExecutorTest : public testing::Test {
 protected:
  static Outcome ended(Ending ending) { return {std::move(ending), {}, false}; }

  // The report of a run in which ortforge itself could go on.
  BuildReport run(std::size_t jobs, bool fail_fast = false) {
    BuildOptions options;
    options.jobs = jobs;
    options.fail_fast = fail_fast;
    const auto report = build_.run(options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : BuildReport{};
  }

  FakeBuild build_{{"a", "b", "c"}};
};

TEST_F(ExecutorTest, RunsEveryStepOnceAndThenNone) {
  const BuildReport first = run(2);
  EXPECT_EQ(step_words(first), (Words{"core-a: built", "core-b: built", "core-c: built", "package-a: built",
                                      "package-b: built", "package-c: built"}));
  EXPECT_TRUE(first.success());
  EXPECT_EQ(build_.recorder.steps.size(), 6U);
  EXPECT_FALSE(std::filesystem::exists(build_.work("core-a"))) << "its output has moved into the store";
  EXPECT_EQ(step_words(run(2)), (Words{"core-a: not needed", "core-b: not needed", "core-c: not needed",
                                       "package-a: reused", "package-b: reused", "package-c: reused"}));
  EXPECT_EQ(build_.runner.started.size(), 6U);
}

TEST_F(ExecutorTest, AFailureLetsIndependentStepsGoOn) {
  build_.runner.outcomes["core-a"] = ended(Exited{1});
  const BuildReport report = run(2);
  EXPECT_EQ(step_words(report),
            (Words{"core-a: failed", "core-b: built", "core-c: built",
                   "package-a: not run; core-a did not succeed", "package-b: built", "package-c: built"}));
  EXPECT_FALSE(report.success());
  EXPECT_FALSE(report.interrupted);
  EXPECT_EQ(build_.recorder.steps.size(), 6U) << "what did not run is on record too";
  EXPECT_EQ(build_.listener.tails.at("core-a"), "$ cd /w/src\n$ core-a\n");
  EXPECT_EQ(build_.listener.tails.at("core-b"), "");
}

TEST_F(ExecutorTest, AResultWithAFaultIsNotEntered) {
  std::set<std::string> asked;
  build_.fault_in_result = [&](const Plan& plan, std::size_t step,
                               const std::filesystem::path& output) -> Result<std::string> {
    const std::string& scope = plan.steps[step].recipe.scope;
    asked.insert(scope);
    EXPECT_TRUE(std::filesystem::is_directory(output));
    return std::string(scope == "package-a" ? "libdemo.so is for sm_80" : "");
  };
  const BuildReport report = run(1);
  EXPECT_EQ(step_words(report), (Words{"core-a: built", "core-b: built", "core-c: built", "package-a: failed",
                                       "package-b: built", "package-c: built"}));
  EXPECT_EQ(asked, (std::set<std::string>{"package-a", "package-b", "package-c"}))
      << "results alone are looked into";
  EXPECT_EQ(report.steps[3].reason, "libdemo.so is for sm_80");
  EXPECT_FALSE(report.success());
  const Store store(build_.home());
  EXPECT_FALSE(*store.find(build_.step("package-a").key, "package-a"));
  EXPECT_TRUE(std::filesystem::exists(build_.work("package-a"))) << "for a look at it";
}

TEST_F(ExecutorTest, WithFailFastNothingMoreStartsAndWhatRunsGoesOn) {
  build_.runner.outcomes["core-a"] = ended(Exited{1});
  const BuildReport report = run(2, true);
  EXPECT_EQ(step_words(report),
            (Words{"core-a: failed", "core-b: built", "core-c: not run; stopped after the first failure",
                   "package-a: not run; core-a did not succeed",
                   "package-b: not run; stopped after the first failure",
                   "package-c: not run; core-c did not succeed"}));
  EXPECT_EQ(build_.runner.programs(), (Words{"core-a", "core-b"}));
}

TEST_F(ExecutorTest, AnInterruptStopsWhatRunsAndStartsNothing) {
  build_.runner.before_wait = [this] { build_.interrupt.request(); };
  const BuildReport report = run(2);
  EXPECT_EQ(step_words(report),
            (Words{"core-a: interrupted", "core-b: interrupted", "core-c: not run; interrupted",
                   "package-a: not run; core-a did not succeed", "package-b: not run; core-b did not succeed",
                   "package-c: not run; core-c did not succeed"}));
  EXPECT_TRUE(report.interrupted);
  EXPECT_FALSE(report.success());
  EXPECT_EQ(build_.runner.programs(), (Words{"core-a", "core-b"}));
  EXPECT_EQ(build_.listener.tails.at("core-a"), "") << "the user knows why it ended";
  EXPECT_TRUE(std::filesystem::exists(build_.work("core-a"))) << "the next run goes on there";
}

TEST_F(ExecutorTest, ARecordThatCannotBeWrittenStopsEverything) {
  build_.recorder.full_at = "core-a";
  BuildOptions options;
  options.jobs = 2;
  const auto report = build_.run(options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "state.db: cannot be written: database or disk is full");
  EXPECT_EQ(report.error().kind, ErrorKind::missing);
  EXPECT_EQ(build_.runner.stops, 1U);
  EXPECT_EQ(build_.runner.running(), 0U) << "nothing runs in a work directory that others may take";
  EXPECT_EQ(build_.runner.programs(), (Words{"core-a", "core-b"}));
  EXPECT_TRUE(build_.recorder.steps.empty());

  build_.recorder.full_at.clear();
  EXPECT_EQ(step_words(run(2)), (Words{"core-a: reused", "core-b: built", "core-c: built", "package-a: built",
                                       "package-b: built", "package-c: built"}))
      << "what was finished is in the store";
}

TEST_F(ExecutorTest, AStepKilledByASignalIsRecordedAsSuch) {
  build_.runner.outcomes["core-a"] = ended(Signaled{SIGKILL});
  build_.runner.outcomes["core-b"] = ended(Exited{128 + SIGSEGV});  // as bubblewrap reports it
  const BuildReport report = run(1);
  EXPECT_EQ(report.steps.at(0).status, "failed");
  EXPECT_EQ(describe(report.steps.at(0).ending), "killed by SIGKILL");
  EXPECT_EQ(report.steps.at(1).status, "failed");
  EXPECT_EQ(describe(report.steps.at(1).ending), "killed by SIGSEGV");
}

TEST_F(ExecutorTest, ATestSaysHowMuchItTested) {
  Step& test = build_.step("package-c");
  test.recipe.kind = "test";
  build_.tested = [](const Step& step, const std::filesystem::path& output) {
    EXPECT_TRUE(std::filesystem::is_directory(output));
    return "as " + step.recipe.scope + " says";
  };
  BuildReport report = run(1);
  EXPECT_EQ(report.steps.back().tested, "as package-c says");
  EXPECT_EQ(report.steps.front().tested, "") << "no test";
  EXPECT_EQ(build_.recorder.steps.back().tested, "as package-c says");
  report = run(1);
  EXPECT_EQ(report.steps.back().status, "reused");
  EXPECT_EQ(report.steps.back().tested, "as package-c says");
}

TEST_F(ExecutorTest, GivesOutNoMoreCoresThanThereAre) {
  run(5);
  EXPECT_EQ(build_.runner.most_cores, 5U);
  const auto& started = build_.runner.started;
  ASSERT_EQ(started.size(), 6U);
  EXPECT_EQ((std::vector<std::size_t>{started[0].cores, started[1].cores, started[2].cores}),
            (std::vector<std::size_t>{1, 2, 2}));
}

TEST_F(ExecutorTest, WithOneCoreStepsRunOneByOne) {
  run(1);
  EXPECT_EQ(build_.runner.most_cores, 1U);
}

TEST_F(ExecutorTest, TheLongestChainGoesFirst) {
  build_.step("core-a").recipe.expected_cpu_ms = 10;
  build_.step("core-b").recipe.expected_cpu_ms = 100;
  build_.step("core-c").recipe.expected_cpu_ms = 50;
  build_.step("package-a").recipe.expected_cpu_ms = 200;
  run(1);
  EXPECT_EQ(build_.runner.programs(),
            (Words{"core-a", "package-a", "core-b", "core-c", "package-b", "package-c"}));
}

TEST_F(ExecutorTest, WhatAStepTookBeforeCountsMoreThanWhatTheMatrixExpects) {
  build_.step("core-a").recipe.expected_cpu_ms = 10;
  build_.step("core-b").recipe.expected_cpu_ms = 100;
  build_.recorder.last["core-c"].usage.user = Milliseconds{1000};
  run(1);
  EXPECT_EQ(build_.runner.programs(),
            (Words{"core-c", "core-b", "core-a", "package-a", "package-b", "package-c"}));
}

}  // namespace
}  // namespace ortforge

// The limit of time of a step: for all its commands together.
#include <filesystem>

#include "support/fake_build.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

using Words = std::vector<std::string>;
using Limits = std::vector<std::optional<Milliseconds>>;

class StepTimeoutTest : public testing::Test {
 protected:
  StepTimeoutTest() {
    std::vector<Command>& commands = build_.step("core-a").recipe.commands;
    commands = {Command{{"configure"}, {}, "src"}, Command{{"compile"}, {}, "src"},
                Command{{"install"}, {}, "src"}};
    set("configure", Exited{0}, 20);
    set("compile", Exited{0}, 35);
  }

  void set(const std::string& program, Ending ending, int seconds) {
    Outcome& outcome = build_.runner.outcomes[program];
    outcome.ending = std::move(ending);
    outcome.usage.wall = std::chrono::seconds(seconds);
  }

  BuildReport run(std::optional<Milliseconds> limit) {
    BuildOptions options;
    options.step_timeout = limit;
    const auto report = build_.run(options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : BuildReport{};
  }

  Limits limits() const {
    Limits all;
    for (const FakeRunner::Started& started : build_.runner.started) all.push_back(started.timeout);
    return all;
  }

  FakeBuild build_{{"a"}};
};

TEST_F(StepTimeoutTest, NobodySetsOneUnlessAsked) {
  EXPECT_TRUE(run(std::nullopt).success());
  EXPECT_EQ(limits(), Limits(4, std::nullopt));
}

TEST_F(StepTimeoutTest, LaterCommandsGetWhatIsLeft) {
  EXPECT_TRUE(run(Milliseconds{60000}).success());
  EXPECT_EQ(build_.runner.programs(), (Words{"configure", "compile", "install", "package-a"}));
  EXPECT_EQ(limits(),
            (Limits{Milliseconds{60000}, Milliseconds{40000}, Milliseconds{5000}, Milliseconds{60000}}));
}

TEST_F(StepTimeoutTest, TheRecordNamesTheLimitOfTheStepAndTheWorkIsKept) {
  set("compile", TimedOut{Milliseconds{40000}}, 41);
  const BuildReport late = run(Milliseconds{60000});
  EXPECT_EQ(step_words(late), (Words{"core-a: failed", "package-a: not run; core-a did not succeed"}));
  EXPECT_EQ(describe(build_.recorder.steps.at(0).ending), "timed out after 1 min 00 s");
  EXPECT_EQ(build_.recorder.steps.at(0).usage.wall, Milliseconds{61000});
  EXPECT_TRUE(std::filesystem::exists(build_.work("core-a")));

  set("compile", Exited{0}, 30);
  const BuildReport again = run(Milliseconds{60000});
  EXPECT_EQ(step_words(again), (Words{"core-a: built", "package-a: built"}))
      << "each attempt has the whole time";
  EXPECT_EQ(again.steps.at(0).reason, "goes on where an earlier attempt stopped");
}

TEST_F(StepTimeoutTest, NothingStartsWithNoTimeLeft) {
  set("compile", Exited{0}, 40);
  const BuildReport report = run(Milliseconds{60000});
  EXPECT_EQ(build_.runner.programs(), (Words{"configure", "compile"}));
  EXPECT_EQ(report.steps.at(0).status, "failed");
  EXPECT_EQ(describe(report.steps.at(0).ending), "timed out after 1 min 00 s");
}

TEST_F(StepTimeoutTest, TheLastCommandMayEndLate) {
  set("install", Exited{0}, 6);
  EXPECT_TRUE(run(Milliseconds{60000}).success()) << "it was done before anybody stopped it";
}

TEST_F(StepTimeoutTest, ACommandThatFailsLateFailsByItself) {
  set("compile", Exited{2}, 40);
  EXPECT_EQ(describe(run(Milliseconds{60000}).steps.at(0).ending), "exit code 2");
}

}  // namespace
}  // namespace ortforge

#include "ortforge/report/status.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    plan_.steps.resize(2);
    plan_.steps[1].product = "onnxruntime";
    plan_.steps[1].recipe.scope = "onnxruntime-1.21.0-core-cpu-avx512-python313";
    view_.done = 1;
    view_.total = 2;
    view_.running = {{1, NinjaProgress{412, 1090}, 245000}};
  }

  ProgressView at(std::int64_t elapsed_ms, std::int64_t remaining_ms) {
    view_.elapsed_ms = elapsed_ms;
    view_.remaining_ms = remaining_ms;
    return view_;
  }

  Plan plan_;
  ProgressView view_;
  std::ostringstream stream_;
};

TEST_F(StatusTest, OneLineSaysHowFarItIs) {
  EXPECT_EQ(status_line(plan_, at(245000, 730000), 80),
            "[1/2] core-cpu-avx512-python313 412/1090, 4 min 05 s, about 12 min 10 s left");
  EXPECT_EQ(status_line(plan_, at(245000, 730000), 20), "[1/2] core-cpu-avx5…");
}

TEST_F(StatusTest, AtTheEndItSaysWhatItIsWaitingFor) {
  view_.done = 2;
  view_.running.clear();
  view_.pushing = {1, 0};
  view_.elapsed_ms = 61000;
  EXPECT_EQ(status_line(plan_, view_, 0),
            "[2/2] core-cpu-avx512-python313 goes into the remote store +1 more, 1 min 01 s");
  StatusReporter reporter(plan_, stream_, {.width = 80}, "home");
  reporter.progress(view_);
  EXPECT_EQ(stream_.str(), status_line(plan_, view_, 0) + "\n");
}

TEST_F(StatusTest, ATerminalHasOneLineThatIsRewritten) {
  StatusReporter reporter(plan_, stream_, {.terminal = true, .colours = false, .width = 80}, "home");
  reporter.progress(at(1000, 9000));
  reporter.progress(at(2000, 8000));
  reporter.close();
  EXPECT_EQ(stream_.str(),
            "\r\033[K[1/2] core-cpu-avx512-python313 412/1090, 1.0 s, about 9.0 s left"
            "\r\033[K[1/2] core-cpu-avx512-python313 412/1090, 2.0 s, about 8.0 s left\r\033[K");
}

TEST_F(StatusTest, ALogGetsTheStatusOnceAMinute) {
  StatusReporter reporter(plan_, stream_, {.width = 80}, "home");
  for (std::int64_t second = 1; second <= 130; ++second) reporter.progress(at(second * 1000, 1000));
  EXPECT_EQ(stream_.str(),
            "[1/2] core-cpu-avx512-python313 412/1090, 1 min 00 s, about 1.0 s left\n"
            "[1/2] core-cpu-avx512-python313 412/1090, 2 min 00 s, about 1.0 s left\n");
}

TEST_F(StatusTest, WhatDidNotEndSaysWhy) {
  StatusReporter reporter(plan_, stream_, {}, "home");
  StepRecord record;
  record.status = "interrupted";
  reporter.finished(1, record, "");
  record.status = "skipped";
  record.reason = "host lacks avx512_bf16";
  reporter.finished(1, record, "");
  EXPECT_EQ(stream_.str(),
            "interrupted core-cpu-avx512-python313: what is finished of it is kept\n"
            "not run core-cpu-avx512-python313: host lacks avx512_bf16\n");
}

TEST_F(StatusTest, StepsThatWereNotRunAreCountedByWhatFailed) {
  StatusReporter reporter(plan_, stream_, {}, "home");
  plan_.steps.resize(5);
  plan_.steps[2].needs = {1};
  plan_.steps[3].needs = {0, 2};
  plan_.steps[4].needs = {0};
  BuildReport report;
  for (const char* status : {"built", "failed", "not run", "not run", "not run"})
    report.steps.emplace_back().status = status;
  for (std::size_t i = 2; i < 5; ++i) reporter.finished(i, report.steps[i], "");
  EXPECT_EQ(stream_.str(), "") << "said once, at the end";
  reporter.left_out(report);
  EXPECT_EQ(stream_.str(),
            "not run: 1 step, stopped after the first failure\n"
            "not run: 2 steps that need core-cpu-avx512-python313\n");
  stream_.str("");
  plan_.steps[3].needs = {0};
  report.interrupted = true;
  reporter.left_out(report);
  EXPECT_EQ(stream_.str(), "not run: 1 step that needs core-cpu-avx512-python313\n");
}

TEST_F(StatusTest, AFailureSaysHowItEndedAndWhereToLook) {
  StatusReporter reporter(plan_, stream_, {}, "home");
  StepRecord record;
  record.name = "core";
  record.scope = "demo-1.2.3-core";
  record.product = "demo";
  record.branch = "1";
  record.variants = {"demo-cpu-avx2"};
  record.status = "failed";
  record.log = "logs/core.log";
  record.usage = Usage{Milliseconds{1801000}, Milliseconds{3600000}, Milliseconds{0}, 1024};
  record.ending = Exited{1};
  reporter.finished(1, record, "one\ntwo\n");
  EXPECT_EQ(stream_.str(),
            "failed demo-1.2.3-core: exit code 1 after 30 min 01 s, CPU 1 h 00 min, peak 1.0 KiB\n"
            "  | one\n"
            "  | two\n"
            "  log:   home/logs/core.log\n"
            "  shell: ortforge shell demo/1:demo-cpu-avx2 --step core\n");
  stream_.str("");
  record.ending = TimedOut{Milliseconds{1800000}};
  reporter.finished(1, record, "one\n");
  EXPECT_EQ(stream_.str().substr(0, stream_.str().find('\n')),
            "failed demo-1.2.3-core: timed out after 30 min 00 s; took 30 min 01 s, CPU 1 h 00 min, "
            "peak 1.0 KiB");
  stream_.str("");
  record.ending = Exited{0};
  record.reason = "libdemo.so holds sm_80 in 1 cubin, no PTX; the variant names sm_90 and no PTX";
  reporter.finished(1, record, "all is well\n");
  EXPECT_EQ(
      stream_.str(),
      "failed demo-1.2.3-core: libdemo.so holds sm_80 in 1 cubin, no PTX; the variant names sm_90 and no "
      "PTX; took 30 min 01 s, CPU 1 h 00 min, peak 1.0 KiB\n"
      "  log:   home/logs/core.log\n"
      "  shell: ortforge shell demo/1:demo-cpu-avx2 --step core\n")
      << "commands that did well have nothing to say about it";
}

TEST(StepName, IsTheScopeWithoutProductAndVersion) {
  EXPECT_EQ(short_scope("onnxruntime", "onnxruntime-1.21.0-core-cpu-avx2"), "core-cpu-avx2");
  EXPECT_EQ(short_scope("", "core"), "core");
  EXPECT_EQ(short_scope("a", "b-1-core"), "b-1-core");
  EXPECT_EQ(short_scope("a", "a-core"), "a-core");
}

TEST(StepName, OfAnotherProductHasItInFront) {
  Plan plan;
  plan.steps.resize(2);
  plan.steps[0].product = "base";
  plan.steps[0].recipe.name = plan.steps[1].recipe.name = "core";
  plan.steps[1].product = "tool";
  plan.results = {{"tool-cpu", 1, std::nullopt}};
  EXPECT_EQ(step_name(plan, plan.steps[0]), "base.core");
  EXPECT_EQ(step_name(plan, plan.steps[1]), "core");
  plan.results.push_back({"base-cpu", 0, std::nullopt});
  EXPECT_EQ(step_name(plan, plan.steps[0]), "core");
}

TEST_F(StatusTest, QuietSaysNothing) {
  StatusReporter reporter(plan_, stream_, {.quiet = true}, "home");
  reporter.progress(at(90000, 1000));
  EXPECT_EQ(stream_.str(), "");
}

}  // namespace
}  // namespace ortforge

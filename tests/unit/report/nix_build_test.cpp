#include "ortforge/report/nix_build.hpp"

#include <sstream>

#include "support/json_schema.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

NixProgress some_progress() {
  NixProgress view;
  view.done = 3;
  view.total = 12;
  view.running = {{"onnxruntime-1.23.2", "buildPhase", "[412/1090] Building CXX object a.o"},
                  {"zlib", "", ""}};
  view.elapsed_ms = 245000;
  return view;
}

TEST(NixStatus, OneLineSaysWhatIsBuilt) {
  NixProgress view = some_progress();
  EXPECT_EQ(nix_status_line(view, 0),
            "[3/12] onnxruntime-1.23.2 buildPhase +1 more: [412/1090] Building CXX object a.o, 4 min 05 s");
  EXPECT_EQ(nix_status_line(view, 70),
            "[3/12] onnxruntime-1.23.2 buildPhase +1 more: [412/1090] …, 4 min 05 s");
  EXPECT_EQ(nix_status_line(view, 60), "[3/12] onnxruntime-1.23.2 buildPhase +1 more, 4 min 05 s");
  EXPECT_EQ(nix_status_line(view, 20), "[3/12] onnxruntime-…");
  view.failed = 2;
  view.running.clear();
  EXPECT_EQ(nix_status_line(view, 80), "[3/12] 2 failed, 4 min 05 s");
}

TEST(NixStatus, WithoutATerminalLinesStandForThemselves) {
  std::ostringstream stream;
  NixReporter reporter(stream, {.width = 80}, "home");
  reporter.evaluating("a");
  reporter.started("core-1.0");
  reporter.output("core-1.0", "compiling");
  reporter.progress(some_progress());
  reporter.built("core-1.0", Milliseconds{3200});
  reporter.close();
  EXPECT_EQ(stream.str(),
            "start  core-1.0\n"
            "[3/12] onnxruntime-1.23.2 buildPhase +1 more: [412/1090] Building CXX object a.o, 4 min 05 s\n"
            "built  core-1.0: 3.2 s\n");
}

TEST(NixStatus, ATerminalHasOneLineThatIsRewritten) {
  std::ostringstream stream;
  NixReporter reporter(stream, {.terminal = true, .width = 60}, "home");
  reporter.evaluating("a");
  reporter.progress(some_progress());
  reporter.progress(some_progress());
  reporter.close();
  EXPECT_EQ(stream.str(),
            "\r\033[Kevaluating a\r\033[K[3/12] onnxruntime-1.23.2 buildPhase +1 more, 4 min 05 s\r\033[K");
}

TEST(NixStatus, AFailureShowsLogCommandAndHint) {
  std::ostringstream stream;
  NixReporter reporter(stream, {.quiet = true, .width = 80}, "/home/o");
  NixFailure failure;
  failure.derivation = "/nix/store/a-core.drv";
  failure.words = "exit code 1";
  failure.hint = "make room";
  reporter.failed("core", failure, "a.c: error\nstop\n", "logs/run-000001/a-core.log");
  EXPECT_EQ(stream.str(),
            "failed core: exit code 1\n"
            "  | a.c: error\n"
            "  | stop\n"
            "  log:   /home/o/logs/run-000001/a-core.log\n"
            "  nix:   nix-store --read-log /nix/store/a-core.drv\n"
            "  make room\n");
}

class NixSummary : public testing::Test {
 protected:
  NixSummary() {
    requests_ = {{"a", "p", "b", "x86_64-linux", "/r/a.nix", "/here/result-a"},
                 {"c", "p", "b", "x86_64-linux", "/r/c.nix", "/here/result-c"},
                 {"d", "p", "b", "x86_64-linux", "/r/d.nix", {}}};
    report_.results.resize(3);
    report_.results[0] = {"a", "built", "", "/nix/store/a.drv", "/nix/store/a", true, std::nullopt};
    report_.results[1] = {"c",   "not run",   "core did not succeed", "/nix/store/c.drv", "/nix/store/c",
                          false, NixFailure()};
    report_.results[2] = {"d",  "reused",    "in Nix's store", "/nix/store/d.drv", "/nix/store/d",
                          true, std::nullopt};
    for (const char* status : {"built", "failed", "built", "reused"}) {
      report_.steps.emplace_back().status = status;
    }
  }

  std::vector<NixRequest> requests_;
  NixReport report_;
};

TEST_F(NixSummary, SaysHowEachVariantCameOut) {
  EXPECT_EQ(nix_build_text(requests_, report_, {{"e", "for aarch64-linux"}}, 7, "failed", 61000),
            "a: built\n"
            "  result-a\n"
            "  /nix/store/a\n"
            "c: not run; core did not succeed\n"
            "d: reused (in Nix's store)\n"
            "  /nix/store/d\n" +
                skipped_text({{"e", "for aarch64-linux"}}, false) +
                "run 7 failed: 2 derivations built, 1 reused, 1 failed in 1 min 01 s\n");
}

TEST_F(NixSummary, TheOutcomesAreThoseOfOtherBuilds) {
  const std::vector<VariantOutcome> outcomes = nix_outcomes(requests_, report_);
  EXPECT_EQ(outcomes.at(0).status, "built");
  EXPECT_EQ(outcomes.at(0).link, "result-a");
  EXPECT_EQ(outcomes.at(1).status, "not run");
  EXPECT_EQ(outcomes.at(1).link, "");
  EXPECT_EQ(outcomes.at(1).path, "");
  EXPECT_EQ(outcomes.at(2).status, "built");
  EXPECT_TRUE(outcomes.at(2).reused);
}

TEST(NixPlan, ListsWhatNixWouldDo) {
  NixForecast forecast;
  forecast.items = {
      {"a", "in the store", "in Nix's store", "/nix/store/a.drv", "/nix/store/a", std::nullopt}};
  EXPECT_EQ(nix_plan_text(forecast, {}), "a: in the store\n  /nix/store/a\nnothing to build\n");
  forecast.items.push_back({"b", "failed", "no x", "", "", NixFailure()});
  forecast.items.back().failure->words = "no x";
  forecast.build = {"/nix/store/core.drv"};
  forecast.fetch = {"/nix/store/y", "/nix/store/z"};
  EXPECT_EQ(nix_plan_text(forecast, {}),
            "a: in the store\n  /nix/store/a\nb: failed; no x\n"
            "1 derivation would be built:\n  /nix/store/core.drv\n"
            "2 paths would be fetched:\n  /nix/store/y\n  /nix/store/z\n");
  EXPECT_EQ(schema_violations("nix-plan", nix_plan_json(forecast, {{"e", "for aarch64-linux"}})), "");
}

}  // namespace
}  // namespace ortforge

#include "ortforge/report/runs.hpp"

#include "unit/record/database_fixture.hpp"
#include "unit/record/json_schema_check.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using testing::IsEmpty;
using testing::Not;

RunRecord run_number(std::int64_t id, const std::string& result) {
  RunRecord run = some_run();
  run.id = id;
  run.result = result;
  run.command_line = {"ortforge", "build", "cpu-avx2", "cpu-avx512", "sm90-avx512", "--jobs", "2"};
  if (result == "succeeded" || result == "failed") run.finished_ms = run.started_ms + 245000;
  return run;
}

// A step that no Nix knows of.
StepRecord cmake_step(const std::string& name, const std::string& status) {
  StepRecord step = some_step(7, name, status);
  step.derivation.clear();
  step.store_path.clear();
  return step;
}

std::vector<StepRecord> some_steps() {
  std::vector<StepRecord> steps{cmake_step("prepare", "reused"), cmake_step("core", "failed"),
                                cmake_step("package", "not run"), cmake_step("test", "skipped")};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].id = static_cast<std::int64_t>(i) + 1;
    if (steps[i].status != "failed") {
      steps[i].log.clear();
      steps[i].usage = {};
    }
  }
  steps[0].reason = "in the store";
  steps[1].reason = "no output in the store";
  steps[1].ending = Signaled{11};
  steps[2].reason = "simdkernels-1.0-core did not succeed";
  steps[3].reason = "host lacks avx512_bf16";
  return steps;
}

TEST(Runs, TableFitsTheTerminal) {
  const std::vector<RunRecord> runs{run_number(9, ""), run_number(8, "killed"), run_number(7, "failed")};
  EXPECT_EQ(runs_text(runs, 80),
            "RUN  STARTED (UTC)           TOOK  RESULT                COMMAND\n"
            "  9  2025-11-24 16:00           -  running               ortforge build cpu-avx…\n"
            "  8  2025-11-24 16:00           -  interrupted (killed)  ortforge build cpu-avx…\n"
            "  7  2025-11-24 16:00  4 min 05 s  failed                ortforge build cpu-avx…\n");
  EXPECT_EQ(runs_text({}, 80), "no runs on record\n");
}

TEST(Runs, CallsStandAsOneTypesThem) {
  RunRecord run = run_number(9, "");
  run.command_line = {"/opt/ortforge/bin/ortforge", "build", "--filter", "sm>=90 && feasible"};
  EXPECT_EQ(runs_text({run}, 80),
            "RUN  STARTED (UTC)     TOOK  RESULT   COMMAND\n"
            "  9  2025-11-24 16:00     -  running  ortforge build --filter 'sm>=90 && feasib…\n");
  EXPECT_NE(run_text(run, {}, 80).find("  command   ortforge build --filter 'sm>=90 && feasible'\n"),
            std::string::npos);
}

TEST(Runs, NoLineOfOneRunIsWiderThanTheTerminal) {
  RunRecord run = run_number(7, "failed");
  for (int i = 0; i < 20; ++i) run.command_line.push_back("cpu-avx512");
  run.host["os"] = "Debian GNU/Linux 12 (bookworm) with a long name";
  std::vector<StepRecord> steps = some_steps();
  for (StepRecord& step : steps) {
    step.product = "onnxruntime";
    step.scope = "onnxruntime-1.21.0-core-cuda13_0-sm90-avx512bf16-python313";
    step.ending = NotStarted{"No such file or directory, or one that cannot be read"};
    step.reason = "onnxruntime-1.21.0-prepare-cuda-x86_64-linux did not succeed, so there is nothing to do";
  }
  for (const std::size_t width : {80U, 76U}) {
    for (const std::string& line : split(run_text(run, steps, width), '\n')) EXPECT_LE(line.size(), width);
  }
}

TEST(Runs, OneRunInDetail) {
  EXPECT_EQ(run_text(run_number(7, "failed"), some_steps(), 80),
            "run 7: failed\n"
            "  command   ortforge build cpu-avx2 cpu-avx512 sm90-avx512 --jobs 2\n"
            "  started   2025-11-24 16:00 UTC\n"
            "  took      4 min 05 s\n"
            "  ortforge  0.1.0\n"
            "  matrix    0123456789ab with uncommitted changes\n"
            "  host      cores 2, cpu AMD EPYC, memory 8.0 GiB\n"
            "  steps     1 reused, 1 failed, 1 skipped, 1 not run; 1.9 s of CPU time\n"
            "\n"
            "STEP     STATUS    TIME    CPU       PEAK\n"
            "prepare  reused       -      -          -\n"
            "core     failed   1.0 s  1.9 s  117.7 MiB\n"
            "package  not run      -      -          -\n"
            "test     skipped      -      -          -\n"
            "\n"
            "simdkernels-1.0-prepare: reused\n"
            "  reason: in the store\n"
            "\n"
            "simdkernels-1.0-core: failed, killed by SIGSEGV\n"
            "  reason: no output in the store\n"
            "  log: logs/1-core.log\n"
            "\n"
            "simdkernels-1.0-package: not run\n"
            "  reason: simdkernels-1.0-core did not succeed\n"
            "\n"
            "simdkernels-1.0-test: not run\n"
            "  reason: host lacks avx512_bf16\n");
}

TEST(Runs, AFaultInAResultIsTheReason) {
  StepRecord step = some_step(7, "package", "failed");
  EXPECT_EQ(outcome_words(step), "failed");
  step.ending = Exited{1};
  EXPECT_EQ(outcome_words(step), "failed, exit code 1");
}

TEST(Runs, WhatNixBuiltIsNamedInTheDetail) {
  EXPECT_NE(run_text(run_number(7, "succeeded"), {some_step(7, "core", "built")}, 80)
                .find("\n  derivation: /nix/store/d-core.drv\n  store path: /nix/store/p-core\n"),
            std::string::npos);
}

TEST(Runs, TheCompilerCacheStandsInTheDetail) {
  StepRecord step = cmake_step("core", "built");
  step.cache = {0, 1};
  EXPECT_NE(run_text(run_number(7, "succeeded"), {step}, 80)
                .find("\n  cache: 0 of 1 object from the compiler cache\n  log: "),
            std::string::npos);
  const Json json = parse_json(run_json(run_number(7, "succeeded"), {step}), "run").value();
  EXPECT_EQ(json["steps"][0]["cache_hits"], 0);
  EXPECT_EQ(json["steps"][0]["cache_misses"], 1);
}

TEST(Runs, ARunThatDidNothing) {
  RunRecord run = run_number(3, "");
  run.host.clear();
  run.matrix_revision.clear();
  EXPECT_EQ(run_text(run, {}, 80),
            "run 3: running\n"
            "  command   ortforge build cpu-avx2 cpu-avx512 sm90-avx512 --jobs 2\n"
            "  started   2025-11-24 16:00 UTC\n"
            "  ortforge  0.1.0\n"
            "  matrix    not in a git repository, or not known\n"
            "  steps     no steps; 0 ms of CPU time\n");
}

TEST(Runs, WriteTheDocumentedJson) {
  const std::string runs = runs_json({run_number(9, ""), run_number(8, "killed"), run_number(7, "failed")});
  EXPECT_THAT(schema_findings("runs.schema.json", runs), IsEmpty());
  const Json json = parse_json(runs, "runs").value();
  EXPECT_EQ(json["runs"][0]["result"], "running");
  EXPECT_TRUE(json["runs"][1]["finished_ms"].is_null());

  auto steps = some_steps();
  for (const Ending& ending :
       {Ending(Exited{1}), Ending(TimedOut{Milliseconds{30000}}), Ending(NotStarted{"gone"})}) {
    steps.push_back(steps[1]);
    steps.back().ending = ending;
  }
  const std::string run = run_json(run_number(7, "failed"), steps);
  EXPECT_THAT(schema_findings("run.schema.json", run), IsEmpty());
  const Json detail = parse_json(run, "run").value();
  EXPECT_EQ(detail["steps"][1]["ending"],
            (Json{{"kind", "signalled"}, {"signal", 11}, {"text", "killed by SIGSEGV"}}));
  EXPECT_TRUE(detail["steps"][0]["ending"].is_null());
  EXPECT_THAT(schema_findings("log.schema.json", logs_json(steps)), IsEmpty());
  EXPECT_EQ(parse_json(logs_json(steps), "log").value()["logs"].size(), 4U)
      << "steps without a log are left out";
  EXPECT_THAT(schema_findings("runs.schema.json", run), Not(IsEmpty()))
      << "the schemas tell the documents apart";
}

TEST(Runs, LogsAreListed) {
  EXPECT_EQ(logs_text(some_steps(), 80),
            "RUN  STEP  OUTCOME                    ENDED (UTC)\n"
            "  7  core  failed, killed by SIGSEGV  2025-11-24 16:00\n"
            "\n"
            "logs/1-core.log\n");
  EXPECT_EQ(logs_text({}, 80), "no logs on record\n");
}

TEST(Runs, TheLogThatIsMeant) {
  const std::vector<StepRecord> steps{some_step(8, "test", "built"), some_step(8, "package", "failed"),
                                      some_step(8, "core", "built"), some_step(7, "core", "failed")};
  const auto pick = [&](const std::string& name) { return pick_log(steps, name, "cpu-avx2").value(); };
  EXPECT_EQ(pick("test").run_id, 8);
  EXPECT_EQ(pick("").name, "package") << "what failed is what one wants to see";
  EXPECT_EQ(pick("core").status, "built") << "an earlier failure is over";
  EXPECT_EQ(pick("simdkernels-1.0-test").name, "test");
}

TEST(Runs, TheLogThatIsMeantIsOfTheNewestRunThatHasOne) {
  std::vector<StepRecord> steps{some_step(9, "test", "reused"), some_step(8, "test", "built"),
                                some_step(8, "core", "built"), some_step(7, "core", "failed")};
  steps[0].log.clear();
  EXPECT_EQ(pick_log(steps, "", "cpu-avx2").value().run_id, 8);
  EXPECT_EQ(pick_log(steps, "", "cpu-avx2").value().name, "test");
}

TEST(Runs, AnAbsentLogSaysWhatThereIs) {
  const std::vector<StepRecord> steps{some_step(8, "test", "built"), some_step(8, "core", "built"),
                                      some_step(7, "core", "failed")};
  EXPECT_EQ(pick_log(steps, "cor", "cpu-avx2").error(),
            (Error{ErrorKind::bad_input,
                   "no log of a step 'cor' of cpu-avx2 on record (did you mean 'core'?); there are logs of: "
                   "test, core",
                   {}}));
  EXPECT_EQ(pick_log({}, "core", "cpu-avx2").error().message,
            "no log of cpu-avx2 on record; 'ortforge build cpu-avx2' makes one");
}

}  // namespace
}  // namespace ortforge

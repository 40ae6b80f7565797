#include "ortforge/record/database.hpp"

#include "support/temporary_directory.hpp"
#include "unit/record/database_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/build/progress.hpp"

namespace ortforge {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    auto database = Database::open(file_);
    EXPECT_TRUE(database) << database.error().message;
    return *std::move(database);
  }
  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "home" / "state.db";
};

TEST_F(DatabaseTest, KeepsRunsAsTheyWere) {
  auto database = open();
  const std::int64_t id = database->begin_run(some_run()).value();
  ASSERT_TRUE(database->finish_run(id, "succeeded", 1764000009999));
  database.reset();

  const RunRecord run = open()->run(id).value().value();
  const RunRecord wanted = some_run();
  EXPECT_EQ(run.id, id);
  EXPECT_EQ(run.command_line, wanted.command_line);
  EXPECT_EQ(run.ortforge_version, wanted.ortforge_version);
  EXPECT_EQ(run.started_ms, wanted.started_ms);
  EXPECT_EQ(run.finished_ms, 1764000009999);
  EXPECT_EQ(run.result, "succeeded");
  EXPECT_EQ(run.host, wanted.host);
  EXPECT_EQ(run.matrix_revision, wanted.matrix_revision);
  EXPECT_FALSE(run.matrix_clean);
  EXPECT_FALSE(open()->run(id + 1).value()) << "an unknown run is nothing, not an error";
}

TEST_F(DatabaseTest, ListsRunsNewestFirst) {
  auto database = open();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(database->begin_run(some_run()));
  const auto runs = database->runs(3).value();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].id, 5);
  EXPECT_EQ(runs[2].id, 3);
  EXPECT_EQ(database->runs(static_cast<std::size_t>(-1)).value().size(), 5U);
}

TEST_F(DatabaseTest, KeepsStepsWithEveryKindOfEnding) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  std::vector<StepRecord> wanted;
  for (const Ending& ending : {Ending(Exited{2}), Ending(Signaled{11}), Ending(TimedOut{Milliseconds{30000}}),
                               Ending(NotStarted{"No such file or directory"})}) {
    StepRecord step = some_step(run, "core", "failed");
    step.ending = ending;
    step.id = database->add_step(step).value();
    wanted.push_back(step);
  }
  const auto found = database->steps_of_run(run).value();
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(same(found[i], wanted[i])) << i;
}

TEST_F(DatabaseTest, BytesThatAreNoTextDoNoHarm) {
  auto database = open();
  RunRecord run = some_run();
  run.command_line = {"ortforge", "build", "\xFF\xFE"};
  const std::int64_t id = database->begin_run(run).value();
  EXPECT_EQ(database->run(id).value()->command_line[2], "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_F(DatabaseTest, FindsTheNewestStepOfAScopeAndOfAKey) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  StepRecord step = some_step(run, "core", "built");
  ASSERT_TRUE(database->add_step(step));
  step.key = std::string(64, 'e');
  const std::int64_t newest_built = database->add_step(step).value();
  step.status = "failed";
  const std::int64_t newest = database->add_step(step).value();
  EXPECT_EQ(database->last_built(step.scope).value()->id, newest_built)
      << "a failed step is no measure of cost";
  EXPECT_EQ(database->last_with_key(step.key).value()->id, newest);
  EXPECT_FALSE(database->last_built("another scope").value());
  EXPECT_FALSE(database->last_with_key("another key").value());
}

TEST_F(DatabaseTest, AnAttemptThatIsTriedAgainSaysNothingOfItsVariants) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  StepRecord step = some_step(run, "package", "failed");
  step.reason = kTriedAgain;
  ASSERT_TRUE(database->add_step(step));
  EXPECT_TRUE(database->variant_states()->empty());
  step.status = "built";
  step.reason = kGoesOnAlone;
  ASSERT_TRUE(database->add_step(step));
  EXPECT_EQ(database->variant_states()->at(0).last_status, "built");
  EXPECT_EQ(database->steps_of_run(run)->size(), 2U);
}

TEST_F(DatabaseTest, AnUnknownScopeCostsWhatASiblingDid) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  StepRecord built = some_step(run, "core", "built");
  built.scope = "core-cpu-avx2";
  built.usage.user = Milliseconds{3000};
  built.usage.system = Milliseconds{500};
  ASSERT_TRUE(database->add_step(built));
  ASSERT_TRUE(database->set_object_costs("core-cpu-avx2", {{"a.o", 1000}, {"b.o", 2000}}));

  Step step;
  step.product = built.product;
  step.branch = built.branch;
  step.recipe.name = "core";
  step.recipe.scope = "core-cpu-avx512";
  step.recipe.siblings = "core-cpu-*";
  step.recipe.expected_cpu_ms = 7;
  step.recipe.peak_bytes = 8;
  ExpectedCost cost = expected_cost(step, *database).value();
  EXPECT_EQ(cost.cpu_ms, 3500);
  EXPECT_EQ(cost.peak_bytes, built.usage.peak_bytes);
  EXPECT_EQ(cost.objects.size(), 2U);
  EXPECT_FALSE(cost.measured) << "another step's figures";

  ASSERT_TRUE(database->set_object_costs("core-cpu-avx2", {{"a.o", 1000}, {"b.o", 9000}}));
  EXPECT_EQ(expected_cost(step, *database)->cpu_ms, 10000) << "its last attempt did not build every object";

  step.recipe.scope = "core-cpu-avx2";
  EXPECT_TRUE(expected_cost(step, *database)->measured);
  step.recipe.scope = "core-cuda13_0-sm90-avx2";
  step.recipe.siblings = "core-cuda*-sm*-*";
  cost = expected_cost(step, *database).value();
  EXPECT_EQ(cost.cpu_ms, 7) << "a CPU build is no measure of a CUDA build; the matrix's own figure";
  EXPECT_EQ(cost.peak_bytes, 8U);
  EXPECT_TRUE(cost.objects.empty());
  EXPECT_FALSE(cost.measured);

  step.recipe.siblings = "core-cpu-*";
  step.branch = "another branch";
  EXPECT_EQ(expected_cost(step, *database)->cpu_ms, 7);
}

TEST_F(DatabaseTest, WhatTheCompilerCacheSparedIsNoMeasureOfCost) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  StepRecord step = some_step(run, "core", "built");
  step.cache = {9, 91};
  const std::int64_t measured = database->add_step(step).value();
  step.cache = {10, 90};
  const std::int64_t spared = database->add_step(step).value();
  EXPECT_EQ(database->last_built(step.scope).value()->id, spared);
  EXPECT_EQ(database->last_measured(step.scope).value()->id, measured) << "less than a tenth were hits";
  EXPECT_EQ(database->last_of_component(step.branch, step.name, "simdkernels-*").value()->id, measured);
}

TEST_F(DatabaseTest, FindsStepsOfAVariantOnOneBranchOrAny) {
  auto database = open();
  const std::int64_t run = database->begin_run(some_run()).value();
  StepRecord step = some_step(run, "core", "built");
  ASSERT_TRUE(database->add_step(step));
  step.branch = "next";
  ASSERT_TRUE(database->add_step(step));
  EXPECT_EQ(database->steps_of_variant("simdkernels-cpu-avx512", "", 10).value().size(), 2U);
  EXPECT_EQ(database->steps_of_variant("simdkernels-cpu-avx512", "", 1).value().at(0).branch, "next");
  EXPECT_EQ(database->steps_of_variant("simdkernels-cpu-avx512", "main", 10).value().size(), 1U);
  EXPECT_TRUE(database->steps_of_variant("simdkernels-cpu-sse", "", 10).value().empty());
}

TEST_F(DatabaseTest, ReplacesObjectCosts) {
  auto database = open();
  ASSERT_TRUE(database->set_object_costs("core", {{"a.o", 10}, {"b.o", 20}}));
  ASSERT_TRUE(database->set_object_costs("other", {{"c.o", 30}}));
  ASSERT_TRUE(database->set_object_costs("core", {{"b.o", 25}}));
  const auto costs = database->object_costs("core").value();
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_EQ(costs[0].object, "b.o");
  EXPECT_EQ(costs[0].wall_ms, 25);
  EXPECT_EQ(database->object_costs("other").value().size(), 1U);
}

TEST_F(DatabaseTest, SumsUpWhatIsOnRecordForAVariant) {
  auto database = open();
  const auto last = [&] { return database->variant_states().value().at(0); };
  std::int64_t run = database->begin_run(some_run()).value();
  ASSERT_TRUE(database->add_step(some_step(run, "core", "built")));
  EXPECT_EQ(last().last_status, "partly built");
  EXPECT_FALSE(last().built) << "a component is not the variant";
  ASSERT_TRUE(database->add_step(some_step(run, "package", "built")));
  EXPECT_EQ(last().last_status, "built");
  ASSERT_TRUE(database->add_step(some_step(run, "test", "not run")));
  EXPECT_EQ(last().last_status, "built");
  EXPECT_TRUE(last().built);
  EXPECT_FALSE(last().tested);

  run = database->begin_run(some_run()).value();
  ASSERT_TRUE(database->add_step(some_step(run, "package", "reused")));
  StepRecord test = some_step(run, "test", "built");
  test.finished_ms = 1764000077000;
  ASSERT_TRUE(database->add_step(test));
  EXPECT_EQ(last().last_status, "tested");
  EXPECT_EQ(last().last_ms, 1764000077000);

  run = database->begin_run(some_run()).value();
  ASSERT_TRUE(database->add_step(some_step(run, "core", "failed")));
  ASSERT_TRUE(database->add_step(some_step(run, "package", "skipped")));
  EXPECT_EQ(last().last_status, "failed");
  EXPECT_TRUE(last().built) << "what was built once stays built";
  EXPECT_TRUE(last().tested);

  const auto states = database->variant_states().value();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].variant, "simdkernels-cpu-avx2");
  EXPECT_EQ(states[1].variant, "simdkernels-cpu-avx512");
}

TEST_F(DatabaseTest, TellsTestsWithoutAGpuApart) {
  auto database = open();
  // What a variant comes to in a run with its package and a test.
  const auto after = [&](const std::string& key, const std::string& status, const std::string& tested) {
    const std::int64_t run = database->begin_run(some_run()).value();
    EXPECT_TRUE(database->add_step(some_step(run, "package", "reused")));
    StepRecord test = some_step(run, "test", status);
    test.key = key;
    test.tested = tested;
    EXPECT_TRUE(database->add_step(test));
    return database->variant_states().value().at(0).last_status;
  };
  EXPECT_EQ(after("a", "built", kTestedNothing), "built");
  EXPECT_FALSE(database->variant_states().value().at(0).tested);
  EXPECT_EQ(after("a", "built", kTestedOnCpu), "tested on the CPU");
  EXPECT_TRUE(database->variant_states().value().at(0).tested);
  EXPECT_EQ(after("a", "skipped", kTestedOnCpu), "tested on the CPU") << "as `ortforge test` records it";
  EXPECT_EQ(after("a", "built", kTestedFully), "tested");
  EXPECT_EQ(after("a", "reused", kTestedOnCpu), "tested") << "the same tests ran on a GPU before";
  EXPECT_EQ(after("b", "built", kTestedOnCpu), "tested on the CPU");
  EXPECT_EQ(after("a", "failed", ""), "failed");
  EXPECT_EQ(after("a", "built", ""), "tested") << "a product without a report";
}

TEST_F(DatabaseTest, UnknownRunsAreErrors) {
  auto database = open();
  const std::string file = file_.string();
  EXPECT_EQ(database->finish_run(7, "succeeded", 1).error(),
            (Error{ErrorKind::internal, file + ": no run 7 on record", {}}));
  EXPECT_EQ(database->add_step(some_step(7, "core", "built")).error(),
            (Error{ErrorKind::internal, file + ": no run 7 on record", {}}));
}

}  // namespace
}  // namespace ortforge

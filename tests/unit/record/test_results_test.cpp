#include "ortforge/record/test_results.hpp"

#include "support/json_schema.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

Json some_results() {
  const Json host{
      {"cpu", "AMD EPYC"},     {"cores", "16"},   {"platform", "x86_64-linux"}, {"kernel", "6.8"},
      {"os", "Ubuntu 24.04"},  {"glibc", "2.39"}, {"gpu", "NVIDIA H200"},       {"compute_capability", "9.0"},
      {"driver", "580.126.16"}};
  const Json test{{"name", "gpu.selftest"}, {"status", "passed"}, {"ms", 1200}, {"message", ""}};
  const Json file{{"path", "lib/libdemo.so"}, {"sha256", kB}};
  const Json variant{{"product", "simdkernels"},
                     {"branch", "1.0"},
                     {"variant", "simdkernels-cpu-avx2"},
                     {"result_key", kA},
                     {"result_scope", "p"},
                     {"test_key", kA},
                     {"test_scope", "t"},
                     {"files", Json::array({file})},
                     {"tests", Json::array({test})}};
  const Json library{{"name", "libcudart.so.13"}, {"path", "/x/libcudart.so.13"}, {"version", "13.0.96"}};
  const Json absent{{"name", "libcudnn.so.9"}, {"path", ""}, {"version", ""}};
  return Json{{"schema", "test-results/1"},
              {"started_ms", 1000},
              {"host", host},
              {"libraries", Json::array({library, absent})},
              {"variants", Json::array({variant})},
              {"finished_ms", 5000}};
}

std::string message_of(const Json& json) {
  const auto parsed = parse_test_results(json.dump(), "r.json");
  if (parsed) return "";
  EXPECT_EQ(parsed.error().kind, ErrorKind::bad_input);
  return parsed.error().message;
}

TEST(TestResults, AreRead) {
  EXPECT_EQ(schema_violations("test-results", some_results().dump()), "");
  const auto results = parse_test_results(some_results().dump(), "r.json");
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->started_ms, 1000);
  EXPECT_EQ(results->finished_ms, 5000);
  ASSERT_EQ(results->variants.size(), 1U);
  const TestedVariant& tested = results->variants[0];
  EXPECT_EQ(tested.variant, "simdkernels-cpu-avx2");
  EXPECT_EQ(tested.files.at(0).sha256, kB);
  EXPECT_EQ(tested.tests.at(0).ms, 1200);
  const auto facts = host_facts_of(*results);
  EXPECT_EQ(facts.at("gpu"), "NVIDIA H200");
  EXPECT_EQ(facts.at("cuda_libraries"), "libcudart.so.13 13.0.96; libcudnn.so.9 absent");

  const StepRecord step = test_step_of(*results, tested, verdict_of(tested, true), "imported");
  EXPECT_EQ(step.status, "built");
  EXPECT_EQ(step.tested, kTestedFully);
  EXPECT_EQ(step.role, "test");
  EXPECT_EQ(step.environment, "imported");
  EXPECT_EQ(step.scope, "t");
  EXPECT_EQ(step.usage.wall, Milliseconds{1200});
  EXPECT_EQ(step.variants, std::vector<std::string>{"simdkernels-cpu-avx2"});
}

TEST(TestResults, ErrorsSayWhere) {
  Json json = some_results();
  json["schema"] = "test-results/2";
  EXPECT_EQ(message_of(json), "r.json: $.schema: expected 'test-results/1', found 'test-results/2'");
  json = some_results();
  json["variants"][0]["result_key"] = "../../etc";
  EXPECT_EQ(message_of(json), "r.json: $.variants[0].result_key: expected 64 hexadecimal digits");
  json = some_results();
  json["variants"][0]["result_scope"] = "../x";
  EXPECT_EQ(message_of(json), "r.json: $.variants[0].result_scope: expected the scope of a step");
  json = some_results();
  json["variants"][0]["tests"][0]["status"] = "ok";
  EXPECT_EQ(message_of(json), "r.json: $.variants[0].tests[0].status: expected passed, failed or skipped");
  json = some_results();
  json["variants"][0]["tests"] = Json::array();
  EXPECT_EQ(message_of(json), "r.json: $.variants[0].tests: expected at least one test");
  json = some_results();
  json["variants"].push_back(json["variants"][0]);
  EXPECT_EQ(message_of(json), "r.json: $.variants[1]: this variant stands in the file twice");
  json = some_results();
  json["finished_ms"] = -1;
  EXPECT_EQ(message_of(json), "r.json: $.finished_ms: expected milliseconds, 0 or more");
  EXPECT_NE(parse_test_results("{", "r.json").error().message, "");
}

TEST(TestResults, TestedFilesAreThoseOfTheStore) {
  TestedVariant tested;
  tested.variant = "demo";
  tested.files = {{"lib/libdemo.so", 0, kA}};
  StoreEntry entry;
  entry.artefacts = {{"lib/libdemo.so", 1, kA},
                     {"lib/libdemo.so.debug", 1, kB},
                     {"include/demo.h", 1, kB},
                     {"lib/cmake/demo.cmake", 1, kB},
                     {"bin/python", 1, kB}};
  EXPECT_TRUE(check_tested_files(tested, entry, "r.json"));

  const auto message = [&] { return check_tested_files(tested, entry, "r.json").error().message; };
  tested.files[0].sha256 = kB;
  EXPECT_EQ(message(), "r.json: demo: lib/libdemo.so is another file: tested with sha256 " + kB +
                           ", the store has " + kA);
  tested.files.clear();
  EXPECT_EQ(message(), "r.json: demo: lib/libdemo.so was not there when the tests ran");
  tested.files = {{"lib/libdemo.so", 0, kA}, {"lib/libmore.so", 0, kA}};
  EXPECT_EQ(message(), "r.json: demo: lib/libmore.so is not in the result that the store has");
}

TEST(TestVerdict, OfACudaVariantNeedsATestOnTheGpu) {
  TestedVariant tested;
  tested.tests = {{"capi.version", "passed", 1, ""}, {"gpu.capi", "skipped", 1, "no GPU here: none"}};
  EXPECT_EQ(verdict_of(tested, true).status, "skipped");
  EXPECT_EQ(verdict_of(tested, true).reason, "no GPU here: none");
  EXPECT_EQ(tested_word(verdict_of(tested, true)), kTestedOnCpu);
  EXPECT_EQ(verdict_of(tested, false).status, "built");
  EXPECT_EQ(tested_word(verdict_of(tested, false)), kTestedFully);
  tested.tests[0].status = "skipped";
  EXPECT_EQ(tested_word(verdict_of(tested, true)), kTestedNothing);
  tested.tests[0].status = "passed";
  tested.tests[1].status = "passed";
  EXPECT_EQ(verdict_of(tested, true).status, "built");
  EXPECT_EQ(verdict_of(tested, true).reason, "2 passed, 0 skipped");
  tested.tests.push_back(
      {"gpu.more", "failed", 1, "FAIL gpu: built for sm80, this is sm90, no PTX\nFAIL more"});
  const TestVerdict verdict = verdict_of(tested, true);
  EXPECT_EQ(verdict.status, "failed");
  EXPECT_EQ(verdict.reason, "1 of 3 tests failed: gpu.more: FAIL gpu: built for sm80, this is sm90, no PTX");
  EXPECT_EQ(verdict.passed, 2U);
  EXPECT_EQ(tested_word(verdict), "");
}

}  // namespace
}  // namespace ortforge

#include "ortforge/report/build.hpp"

#include "support/json_schema.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

class BuildSummaryTest : public testing::Test {
 protected:
  BuildSummaryTest() {
    product_.title = "Demo";
    branch_.version = "1.2.3";
    line_.cuda = "9.9";
    hardware_.toolkits["9.9"].driver_floor = "100.1";
    hardware_.sms[1].first_driver = "90";
    requests_.resize(1);
    requests_[0].product = &product_;
    requests_[0].branch = &branch_;
    requests_[0].line = &line_;
    requests_[0].variant.cuda = "9.9";
    requests_[0].variant.sm = 1;
    plan_.steps.resize(1);
    plan_.steps[0].key = std::string(64, 'a');
    plan_.steps[0].recipe.scope = "package";
    plan_.results.resize(1);
    report_.steps.resize(1);
    report_.steps[0].scope = "package";
    report_.steps[0].name = "package";
    report_.steps[0].status = "reused";
    outcome_.variant = "demo-cuda9_9-sm1";
    outcome_.status = "tested";
    outcome_.built = true;
    outcome_.reused = true;
    outcome_.link = "result-demo-cuda9_9-sm1";
  }

  // Enters the result into the store, with one file of 4 KiB.
  void store_result() {
    const auto output = directory_.path() / "output";
    ASSERT_TRUE(make_directories(output));
    StoreEntry entry;
    entry.key = plan_.steps[0].key;
    entry.scope = plan_.steps[0].recipe.scope;
    entry.content_key = entry.key;
    entry.output_digest = sha256("");
    ArtefactRecord file;
    file.path = "lib/libdemo.so";
    file.bytes = 4096;
    entry.artefacts.push_back(file);
    const auto committed = store_.commit(entry, output);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  BuildSummary summary() const {
    return {7, "succeeded", 2000, &plan_, &report_, {outcome_}, skipped_, requests_, &hardware_, &store_};
  }
  std::string text() const { return build_text(summary()); }
  std::string json() const { return build_json(summary()); }
  std::string first_line() const { return text().substr(0, text().find('\n')); }
  Json variant() const { return Json::parse(build_json(summary())).at("variants").at(0); }

  TemporaryDirectory directory_;
  Store store_{directory_.path() / "home"};
  Product product_;
  Branch branch_;
  Line line_;
  Hardware hardware_;
  std::vector<PlanRequest> requests_;
  std::vector<SkippedVariant> skipped_;
  Plan plan_;
  BuildReport report_;
  VariantOutcome outcome_;
};

TEST_F(BuildSummaryTest, NamesToolkitDriverGlibcAndSizeOfAResultThatWasThere) {
  store_result();
  outcome_.glibc = "2.38";
  EXPECT_EQ(text(),
            "demo-cuda9_9-sm1: tested (was in the store)\n"
            "  Demo 1.2.3, CUDA 9.9, driver 100.1 or newer, glibc 2.38 or newer, 4.0 KiB\n"
            "  result-demo-cuda9_9-sm1\n"
            "run 7 succeeded: 0 steps built, 1 reused, 0 failed, 0 ms of CPU time in 2.0 s\n");
}

TEST_F(BuildSummaryTest, SaysWhichCudaCodeThereIs) {
  outcome_.cuda_code = CudaCode{{{{"sm_90", 90, "", 1}}, {{"compute_90", 90, "9.0", 2}}, {}},
                                {{{{"sm_90", 90, "", 1}}, {}, {}}}};
  EXPECT_NE(text().find("  Demo 1.2.3, CUDA 9.9, driver 100.1 or newer\n"
                        "  CUDA code: sm_90 in 1 cubin, PTX 9.0 for compute_90, linked from 1 module\n"
                        "  result-demo-cuda9_9-sm1\n"),
            std::string::npos)
      << text();
  EXPECT_EQ(schema_violations("build", json()), "");
  EXPECT_EQ(Json::parse(json()).at("variants").at(0).at("cuda_code"),
            Json::parse(R"({"sass": [{"target": "sm_90", "count": 1}],
                            "ptx": [{"target": "compute_90", "count": 2, "version": "9.0"}], "other": [],
                            "modules": {"sass": [{"target": "sm_90", "count": 1}], "ptx": [], "other": [],
                                        "count": 1}})"));
  outcome_.cuda_code.reset();
  EXPECT_EQ(schema_violations("build", json()), "");
  EXPECT_TRUE(Json::parse(json()).at("variants").at(0).at("cuda_code").is_null());
}

TEST_F(BuildSummaryTest, NamesFeaturesThatAreOffAndWhatWasSkipped) {
  hardware_.sms[1].first_driver = "200";
  line_.features_off = {{"flash attention", "USE_FLASH"}, {"TensorRT", "USE_TENSORRT"}};
  for (const char* name : {"a", "b", "c"}) {
    SkippedVariant variant;
    variant.name = name;
    variant.reason = std::string(name) == "b" ? "nvcc 9.9 has no sm_2" : "for aarch64-linux";
    skipped_.push_back(variant);
  }
  outcome_.reused = false;
  report_.steps[0].status = "built";
  ArtefactRecord file;
  file.bytes = 1024;
  report_.steps[0].artefacts.push_back(file);
  EXPECT_EQ(text(),
            "demo-cuda9_9-sm1: tested\n"
            "  Demo 1.2.3, CUDA 9.9, driver 200 or newer, without flash attention, TensorRT, 1.0 KiB\n"
            "  result-demo-cuda9_9-sm1\n"
            "2 skipped: for aarch64-linux\n"
            "1 skipped: nvcc 9.9 has no sm_2\n"
            "run 7 succeeded: 1 step built, 0 reused, 0 failed, 0 ms of CPU time in 2.0 s\n");
}

TEST_F(BuildSummaryTest, CountsWhatTheCompilerCacheSpared) {
  report_.steps[0].status = "built";
  report_.steps[0].cache = {1040, 54};
  EXPECT_TRUE(
      text().ends_with("run 7 succeeded: 1 step built, 0 reused, 0 failed, 0 ms of CPU time in 2.0 s\n"
                       "1040 of 1094 objects from the compiler cache\n"))
      << text();
}

TestOutcome passed(const std::string& name) {
  return {name, "passed", 0, ""};
}

TestOutcome skipped(const std::string& name, const std::string& why) {
  return {name, "skipped", 0, why};
}

TEST_F(BuildSummaryTest, SaysWhenNoTestRanOnAGpu) {
  const std::string why = "no GPU here: no CUDA driver (libcuda.so.1)";
  add_tests(outcome_, {passed("capi.version"), skipped("gpu.capi.models.op_if", why), skipped("gpu.b", why)},
            true);
  EXPECT_EQ(first_line(), "demo-cuda9_9-sm1: tested on the CPU (no GPU here; was in the store)");
  EXPECT_EQ(variant().at("status"), "tested");
  EXPECT_EQ(variant().at("reason"), "no test ran on a GPU: " + why);
  EXPECT_EQ(variant().at("tests").dump(), R"({"passed":1,"skipped":2,"reasons":[")" + why + R"("]})");
  outcome_.reused = false;
  EXPECT_EQ(first_line(), "demo-cuda9_9-sm1: tested on the CPU (no GPU here)");
}

TEST_F(BuildSummaryTest, ACudaVariantWithoutTestsForAGpuIsTestedOnTheCpu) {
  outcome_.reused = false;
  add_tests(outcome_, {passed("capi.version")}, true);
  EXPECT_EQ(first_line(), "demo-cuda9_9-sm1: tested on the CPU (no test on a GPU)");
}

TEST_F(BuildSummaryTest, OneTestOnAGpuIsEnough) {
  outcome_.reused = false;
  add_tests(outcome_, {passed("capi.version"), passed("gpu.a"), skipped("gpu.b", "")}, true);
  EXPECT_EQ(first_line(), "demo-cuda9_9-sm1: tested");
  EXPECT_EQ(variant().at("reason"), "");
  EXPECT_EQ(variant().at("tests").dump(), R"({"passed":2,"skipped":1,"reasons":[]})");
}

TEST_F(BuildSummaryTest, WhatNoTestLookedAtIsNotTested) {
  outcome_.reused = false;
  EXPECT_EQ(variant().at("tests"), nullptr) << "no report";
  add_tests(outcome_, {skipped("capi.version", "needs glibc 2.38, this machine has 2.36")}, false);
  EXPECT_EQ(first_line(), "demo-cuda9_9-sm1: built; no test ran: needs glibc 2.38, this machine has 2.36");
  EXPECT_EQ(variant().at("status"), "built");
}

TEST_F(BuildSummaryTest, AnInterruptionIsOneLineForAllVariantsThatItLeft) {
  plan_.steps.resize(5);
  plan_.steps[2].needs = {1};
  report_.steps.resize(5);
  const std::vector<std::string> statuses{"reused", "failed", "not run", "interrupted", "not run"};
  for (std::size_t i = 0; i < statuses.size(); ++i) report_.steps[i].status = statuses[i];
  report_.steps[2].reason = "core did not succeed";
  report_.steps[4].reason = "interrupted";
  report_.interrupted = true;
  requests_.resize(4, requests_[0]);
  plan_.results = {{"a", 0, {}}, {"b", 2, {}}, {"c", 3, {}}, {"d", 4, {}}};
  std::vector<VariantOutcome> outcomes;
  for (const PlannedResult& result : plan_.results) outcomes.push_back(outcome_of(result, report_));
  outcomes[0].link = "result-a";
  const BuildSummary interrupted{7,        "interrupted", 2000,      &plan_,     &report_,
                                 outcomes, skipped_,      requests_, &hardware_, &store_};
  EXPECT_EQ(build_text(interrupted),
            "a: built (was in the store)\n"
            "  Demo 1.2.3, CUDA 9.9, driver 100.1 or newer\n"
            "  result-a\n"
            "b: not run; core did not succeed\n"
            "2 variants not finished\n"
            "run 7 interrupted: 0 steps built, 1 reused, 1 failed, 0 ms of CPU time in 2.0 s\n");
  EXPECT_EQ(Json::parse(build_json(interrupted)).at("variants").size(), 4U);
}

TEST_F(BuildSummaryTest, ACpuVariantNeedsNoDriver) {
  line_.cuda.clear();
  requests_[0].variant.cuda.clear();
  requests_[0].variant.sm.reset();
  EXPECT_NE(text().find("\n  Demo 1.2.3\n"), std::string::npos) << text();
}

}  // namespace
}  // namespace ortforge

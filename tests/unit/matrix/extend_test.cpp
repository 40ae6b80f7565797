// New hardware, toolkits and branches are data: nothing here touches C++.
#include <algorithm>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/hardware/host.hpp"
#include "ortforge/matrix/check.hpp"
#include "ortforge/matrix/filter.hpp"
#include "ortforge/matrix/name.hpp"

namespace ortforge {
namespace {

// Adds SM 107, the ISA avx10_2, the toolkit 13.5 and the branch ort-1.99 to a copy of the shipped matrix.
TemporaryMatrix extended() {
  TemporaryMatrix matrix = TemporaryMatrix::copy_of_shipped();
  matrix.edit("hardware.json", [](Json& json) {
    json["sms"]["107"] = {{"compute_capability", "10.7"},
                          {"architecture", "Next"},
                          {"first_driver", "600"},
                          {"platforms", {"x86_64-linux"}},
                          {"origin", "made up for a test"}};
    json["gpus"].push_back(
        {{"name", "N100"}, {"architecture", "Next"}, {"sm", 107}, {"origin", "made up for a test"}});
    json["isas"]["avx10_2"] = {
        {"title", "AVX10.2"},     {"platform", "x86_64-linux"},       {"rank", 60},
        {"flags", {"-mavx10.2"}}, {"features", {"avx10", "avx10_2"}}, {"origin", "made up for a test"}};
    json["toolkits"]["13.5"] = {{"targets", {"90", "107"}},
                                {"driver", "600.10"},
                                {"driver_floor", "580.65.06"},
                                {"origin", "made up for a test"}};
  });
  matrix.edit("onnxruntime.json", [](Json& json) {
    json["branches"]["ort-1.99"] = {
        {"inherits", "main"},
        {"version", "1.99.0"},
        {"lines",
         {{"cuda12_9", nullptr},
          {"cuda12_4", nullptr},
          {"cuda13_5",
           {{"cuda", "13.5"},
            {"python", "3.14"},
            {"default", true},
            {"variants", {{{"sm", {90, 100, 107}}, {"isa", {"avx2", "avx10_2", "armv9"}}}}}}}}}};
  });
  return matrix;
}

TEST(ExtendMatrix, NewDataIsListedAndResolved) {
  const TemporaryMatrix folder = extended();
  ASSERT_EQ(folder.load_error(), "");
  const Matrix matrix = folder.load().value();
  const auto variant = resolve_variant(matrix, "ort-1.99:sm107-avx10_2", {});
  ASSERT_TRUE(variant) << variant.error().message;
  EXPECT_EQ(variant->name, "onnxruntime-python314-cuda13_5-sm107-avx10_2");
  EXPECT_TRUE(variant->backends.at("cmake").feasible);
  const Product& product = matrix.products.at("onnxruntime");
  EXPECT_EQ(variants_of(matrix, product, product.branches.at("ort-1.99")).size(), 9U + 6U);
  EXPECT_EQ(driver_needed(matrix.hardware.toolkits.at("13.5"), matrix.hardware.sms.at(107)), "600");
}

TEST(ExtendMatrix, FeasibilityFollowsFromTheNewFacts) {
  const TemporaryMatrix folder = extended();
  const Matrix matrix = folder.load().value();
  const auto answer = [&](const char* name) {
    return resolve_variant(matrix, name, {}).value().backends.at("cmake");
  };
  EXPECT_EQ(answer("ort-1.99:sm100-avx2"), (Feasibility{false, "toolkit-target", "nvcc 13.5 has no sm_100"}));
  EXPECT_EQ(answer("ort-1.99:sm107-armv9"),
            (Feasibility{false, "platform", "sm_107 exists on x86_64-linux only"}));
  EXPECT_TRUE(answer("ort-1.99:sm90-armv9").feasible);
}

TEST(ExtendMatrix, SchemasKnowTheNewData) {
  const TemporaryMatrix folder = extended();
  const auto findings = check_matrix(folder.path());
  ASSERT_TRUE(findings) << findings.error().message;
  for (const Finding& finding : *findings) EXPECT_EQ(finding.severity, Severity::note) << describe(finding);
}

TEST(ExtendMatrix, HostsThatHaveTheNewIsaGetIt) {
  const Matrix matrix = extended().load().value();
  HostInfo host;
  host.platform = "x86_64-linux";
  host.features = {"avx10", "avx10_2", "avx2", "fma"};
  EXPECT_EQ(best_isa(host, matrix.hardware), "avx10_2");
  EXPECT_TRUE(Filter::parse("isa==avx10_2 && sm==107"));
}

TEST(Feasibility, RulesOfHardwareEnvironmentSourcesAndLines) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  folder.edit("hardware.json", [](Json& json) {
    json["isas"]["armv8"] = {{"title", "ARMv8"},
                             {"platform", "aarch64-linux"},
                             {"rank", 0},
                             {"flags", {"-march=armv8-a"}},
                             {"features", {"asimd"}},
                             {"origin", "test"}};
    json["sms"]["90"]["isas"] = {"armv9"};
  });
  folder.edit("tool.json", [](Json& json) {
    Json& v1 = json["branches"]["v1"];
    v1["lines"]["cuda13_0"]["variants"].push_back({{"sm", {90}}, {"isa", {"armv8"}}});
    v1["lines"]["cuda13_0"]["variants"].push_back({{"sm", {121}}, {"isa", {"avx2", "armv9"}}});
    v1["lines"]["cpu"]["backend_gaps"] = {{"cmake", "made up: no CPU here"}};
    v1["lines"]["cpu"]["python"] = "3.12";
    json["branches"]["v2"]["environment"] = "root";
    json["branches"]["v2"]["sources"] = {
        {"tool", {{"unpinned", "made up: nobody knows"}, {"when", "platform==aarch64-linux"}}}};
  });
  ASSERT_EQ(folder.load_error(), "");
  const Matrix matrix = folder.load().value();
  const auto answer = [&](const char* name) {
    return resolve_variant(matrix, name, {}).value().backends.at("cmake");
  };
  EXPECT_EQ(answer("v1:sm90-armv8"),
            (Feasibility{false, "isa-beside-gpu", "on aarch64-linux, sm_90 exists beside armv9 only"}));
  EXPECT_TRUE(answer("v1:sm90-avx2").feasible);
  EXPECT_EQ(answer("v1:sm121-avx2"), (Feasibility{false, "platform", "sm_121 exists on aarch64-linux only"}));
  EXPECT_EQ(answer("v1:sm121-armv9"), (Feasibility{false, "toolkit-target", "nvcc 13.0 has no sm_121"}));
  EXPECT_EQ(answer("v1:cpu-avx2"), (Feasibility{false, "backend-line", "made up: no CPU here"}));
  EXPECT_EQ(answer("v2:cpu-avx2"),
            (Feasibility{false, "environment-python", "root has Python 3.13, this line is for 3.12"}));
  EXPECT_EQ(answer("v2:sm90-armv9"),
            (Feasibility{false, "source-pin", "the source tool has no digest: made up: nobody knows"}));
  EXPECT_TRUE(answer("v2:sm90-avx2").feasible);
}

}  // namespace
}  // namespace ortforge

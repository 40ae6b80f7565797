// Branches that are built on branches of other products.
#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

#include "ortforge/matrix/check.hpp"
#include "ortforge/matrix/name.hpp"

namespace ortforge {
namespace {

// The small matrix with a second product "base" that is like "tool"; tool's v1 (and so v2) requires base's
// v1, and its component `build` needs base's.
TemporaryMatrix two_products() {
  TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.write("base.json", read_json(matrix.path() / "tool.json").value().dump());
  matrix.edit("base.json", [](Json& json) { json["product"] = "base"; });
  matrix.edit("tool.json", [](Json& json) {
    json["default"] = true;
    json["branches"]["v1"]["requires"] = {{"base", "v1"}};
    json["pipelines"]["whole"][1]["needs"].push_back("base.build");
  });
  return matrix;
}

std::string error_with(const std::string& file, const std::function<void(Json&)>& change) {
  const TemporaryMatrix matrix = two_products();
  matrix.edit(file, change);
  return matrix.load_error();
}

TEST(Required, TheVariantWithTheSameAxesIsFound) {
  const TemporaryMatrix folder = two_products();
  ASSERT_EQ(folder.load_error(), "");
  const Matrix matrix = folder.load().value();
  const auto built_on = [&](const char* name) {
    const auto other = required_variant(matrix, resolve_variant(matrix, name, {}).value(), "base");
    return other ? other->branch + ":" + other->name : other.error().message;
  };
  EXPECT_EQ(built_on("sm90-armv9"), "v1:base-python313-cuda13_0-sm90-armv9");
  EXPECT_EQ(built_on("v2:cpu-avx2"), "v1:base-python313-cpu-avx2") << "inherited";
  EXPECT_EQ(built_on("base/cpu-avx2"), "branch v1 of base requires nothing of base");
  const auto findings = check_matrix(folder.path());
  ASSERT_TRUE(findings) << findings.error().message;
  for (const Finding& finding : *findings) EXPECT_EQ(finding.severity, Severity::note) << describe(finding);
}

TEST(Required, UnknownProductsAndBranches) {
  EXPECT_EQ(error_with("tool.json",
                       [](Json& json) {
                         json["branches"]["v1"]["requires"] = {{"bas", "v1"}};
                       }),
            "tool.json: $.branches.v1.requires.bas: there is no product 'bas' (did you mean 'base'?)");
  EXPECT_EQ(error_with("tool.json", [](Json& json) { json["branches"]["v1"]["requires"]["base"] = "v3"; }),
            "tool.json: $.branches.v1.requires.base: base has no branch 'v3' (did you mean 'v1' or 'v2'?)");
  EXPECT_EQ(error_with("base.json",
                       [](Json& json) {
                         json["branches"]["v1"]["requires"] = {{"base", "v2"}};
                       }),
            "base.json: $.branches.v1.requires.base: a product cannot be built on itself");
}

TEST(Required, EveryVariantNeedsACounterpart) {
  EXPECT_EQ(
      error_with("base.json",
                 [](Json& json) { json["branches"]["v1"]["lines"]["cpu"]["variants"][0]["isa"] = {"avx2"}; }),
      "tool.json: $.branches.v1.requires.base: base v1 has no variant to build tool-python313-cpu-armv9 "
      "(the CPU alone, armv9, Python 3.13) on");
  EXPECT_EQ(error_with("base.json",
                       [](Json& json) {
                         Json& lines = json["branches"]["v1"]["lines"];
                         lines["cuda13_0-python312"] = lines["cuda13_0"];
                         lines["cuda13_0-python312"]["python"] = "3.12";
                         lines.erase("cuda13_0");
                       }),
            "tool.json: $.branches.v1.requires.base: base v1 has no variant to build "
            "tool-python313-cuda13_0-sm90-avx2 (CUDA 13.0, SM 90, avx2, Python 3.13) on, and 1 more");
}

TEST(Required, NoBranchRequiresItself) {
  EXPECT_EQ(error_with("base.json",
                       [](Json& json) {
                         json["branches"]["v1"]["requires"] = {{"tool", "v1"}};
                       }),
            "base.json: $.branches.v1.requires.tool: requires itself: base/v1 -> tool/v1 -> base/v1");
}

TEST(Required, ComponentsNeedWhatIsThere) {
  const auto error = [](const char* need) {
    return error_with("tool.json", [&](Json& json) {
      json["pipelines"]["whole"][1]["needs"] = {"prepare", need};
    });
  };
  const std::string place = "tool.json: $.branches.v1.pipeline(whole).build.needs: ";
  EXPECT_EQ(error("base.biuld"),
            place +
                "'base.biuld': branch v1 of base has no build or package component 'biuld' (did you mean "
                "'build'?)");
  EXPECT_EQ(error("base.prepare"),
            place + "'base.prepare': branch v1 of base has no build or package component 'prepare'");
  EXPECT_EQ(error("bass.build"),
            place + "'bass.build' is of a product that this branch does not require (did you mean 'base'?)");
  EXPECT_EQ(error_with("base.json", [](Json& json) { json["pipelines"]["whole"][1]["name"] = "a.b"; }),
            "base.json: $.branches.v1.pipeline(whole).a.b: the name of a component has no dot");
}

TEST(Required, WhatItIsBuiltOnMustBeFeasible) {
  const TemporaryMatrix folder = two_products();
  folder.edit("base.json", [](Json& json) {
    json["branches"]["v1"]["lines"]["cpu"]["backend_gaps"] = {{"cmake", "made up: no CPU here"}};
  });
  const Matrix matrix = folder.load().value();
  EXPECT_EQ(resolve_variant(matrix, "cpu-avx2", {}).value().backends.at("cmake"),
            (Feasibility{false, "required", "base-python313-cpu-avx2 is infeasible: made up: no CPU here"}));
  EXPECT_TRUE(resolve_variant(matrix, "sm90-avx2", {}).value().backends.at("cmake").feasible);
}

TEST(FrontEnd, IsOneThatIsKnown) {
  const auto error = [](const Json& change) {
    const TemporaryMatrix small = TemporaryMatrix::small();
    small.edit("tool.json", [&](Json& json) { json["pipelines"]["whole"][1].update(change); });
    return small.load_error();
  };
  const std::string place = "tool.json: $.pipelines.whole[1].";
  EXPECT_EQ(error({{"front_end", "setup.py"}}), "");
  EXPECT_EQ(
      error({{"front_end", "setup.pi"}}),
      place + "front_end: unknown front end 'setup.pi'; known: cmake, setup.py (did you mean 'setup.py'?)");
  EXPECT_EQ(error({{"front_end", "setup.py"}, {"targets", {"a"}}}),
            place + "targets: a component with the front end setup.py has no 'targets'");
  EXPECT_EQ(error({{"front_end", "setup.py"}, {"kind", "package"}}),
            place + "front_end: only a build component has a front end");
}

TEST(IsaOf, ABranchHasItsOwnFlagsAndWhatTheyNeed) {
  const TemporaryMatrix small = TemporaryMatrix::small();
  small.edit("tool.json", [](Json& json) {
    json["branches"]["v1"]["isas"]["avx2"] = {{"flags", {"-mavx2", "-mf16c"}}, {"features", {"f16c"}}};
  });
  const Matrix matrix = small.load().value();
  const auto& branches = matrix.products.at("tool").branches;
  EXPECT_EQ(isa_of(matrix, branches.at("v2"), "avx2").flags, (std::vector<std::string>{"-mavx2", "-mf16c"}));
  EXPECT_EQ(isa_of(matrix, branches.at("v1"), "avx2").features, (std::vector<std::string>{"avx2", "f16c"}));
  EXPECT_EQ(isa_of(matrix, branches.at("v1"), "armv9").flags, std::vector<std::string>{"-march=armv9-a"});
  small.edit("tool.json", [](Json& json) { json["branches"]["v1"]["isas"]["avx3"] = Json::object(); });
  EXPECT_EQ(small.load_error(),
            "tool.json: $.branches.v1.isas.avx3: hardware.json has no ISA 'avx3' (did you mean 'avx2'?)");
}

}  // namespace
}  // namespace ortforge

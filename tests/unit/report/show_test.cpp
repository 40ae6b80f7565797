#include "ortforge/report/show.hpp"

#include "support/json_schema.hpp"
#include "support/small_matrix.hpp"
#include "unit/record/database_fixture.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

class ShowTest : public testing::Test {
 protected:
  ShowTest() {
    matrix_.hardware.isas["avx2"].title = "AVX2";
    variant_ = demo_variant(matrix_);
    Branch& branch = demo_branch(matrix_);
    branch.status = "current";
    branch.pins["nixpkgs"] = {"", "0123abcd", "sha256-x", "", ""};
    Source& loose = branch.sources["loose"];
    loose.name = "loose";
    loose.version = "1";
    loose.license = "MIT";
    loose.digest_kind = Source::DigestKind::none;
    loose.unpinned = "no release";
    branch.sources["gpu"].name = "gpu";
    branch.sources["gpu"].when = "accelerator==cuda";
  }

  ShowInput input(VariantRow row) const {
    row.variant = variant_;
    return {matrix_, std::move(row), std::nullopt, {}, {}, {}, {}, {}};
  }

  ShowInput with_a_plan(bool measured) const {
    ShowInput result = input({{}, true, "", "tested", false});
    Step step;
    step.recipe.name = "core";
    step.recipe.kind = "build";
    step.recipe.scope = "demo-1.2.3-core-avx2";
    step.environment = "host";
    step.variants = {variant_.name};
    step.key = std::string(64, 'a');
    result.plan.emplace();
    result.plan->steps.push_back(step);
    result.view.steps.push_back({"run", 20000, measured});
    return result;
  }

  Matrix matrix_ = small_matrix();
  Variant variant_;
};

TEST_F(ShowTest, SaysWhyThereAreNoSteps) {
  ShowInput shown = input({{}, false, "a machine of x86_64-linux", "failed", true});
  shown.no_plan = "demo-cpu-avx2 is for x86_64-linux, this machine is aarch64-linux";
  shown.steps = {some_step(7, "core", "failed")};
  shown.steps[0].ending = Signaled{11};
  EXPECT_EQ(show_text(shown, 80),
            "demo-cpu-avx2\n"
            "\n"
            "product       demo 1.2.3\n"
            "branch        1 (current)\n"
            "line          cpu\n"
            "cpu           AVX2: -mavx2 -mfma\n"
            "cpu needs     avx2 fma\n"
            "platform      x86_64-linux\n"
            "environment   host\n"
            "pins          nixpkgs 0123abcd (sha256-x)\n"
            "cmake         feasible\n"
            "here          cannot be built: needs a machine of x86_64-linux\n"
            "record        failed\n"
            "steps         none: demo-cpu-avx2 is for x86_64-linux, this machine is\n"
            "              aarch64-linux\n"
            "\n"
            "LAST RUNS  STEP  OUTCOME                    ENDED (UTC)\n"
            "        7  core  failed, killed by SIGSEGV  2025-11-24 16:00\n"
            "\n"
            "SOURCE  VERSION  LICENCE  IDENTIFIED BY\n"
            "demo                      its content\n"
            "loose   1        MIT      nothing: no release\n");
  EXPECT_EQ(schema_violations("show", show_json(shown)), "");
  const Json json = parse_json(show_json(shown), "show").value();
  EXPECT_EQ(json["no_plan"], shown.no_plan);
  EXPECT_EQ(json["pins"]["nixpkgs"]["revision"], "0123abcd");
  EXPECT_EQ(json["sources"].size(), 2U) << "also without a plan";
}

TEST_F(ShowTest, NamesTheGlibcThatAStoredResultNeeds) {
  ShowInput shown = with_a_plan(true);
  EXPECT_EQ(show_text(shown, 80).find("\nglibc "), std::string::npos);
  EXPECT_TRUE(parse_json(show_json(shown), "show").value()["glibc"].is_null());
  shown.glibc = "2.38";
  EXPECT_NE(show_text(shown, 80).find("\nglibc         2.38 or newer\n"), std::string::npos);
  EXPECT_EQ(parse_json(show_json(shown), "show").value()["glibc"], "2.38");
  EXPECT_EQ(schema_violations("show", show_json(shown)), "");
}

TEST_F(ShowTest, SaysWhichCudaCodeAStoredResultHolds) {
  ShowInput shown = with_a_plan(true);
  EXPECT_EQ(show_text(shown, 80).find("\ncuda code "), std::string::npos);
  EXPECT_TRUE(parse_json(show_json(shown), "show").value()["cuda_code"].is_null());
  shown.cuda_code = CudaCode{{{{"sm_90a", 90, "", 6}}, {}, {}}, {}};
  EXPECT_NE(show_text(shown, 80).find("\ncuda code     sm_90a in 6 cubins, no PTX\n"), std::string::npos);
  EXPECT_EQ(parse_json(show_json(shown), "show").value()["cuda_code"]["sass"][0]["target"], "sm_90a");
  EXPECT_EQ(schema_violations("show", show_json(shown)), "");
}

TEST_F(ShowTest, MarksCostsThatAreEstimates) {
  EXPECT_NE(show_text(with_a_plan(false), 80).find("  ~20.0 s\n"), std::string::npos);
  EXPECT_NE(show_text(with_a_plan(true), 80).find("  20.0 s\n"), std::string::npos);
  EXPECT_EQ(schema_violations("show", show_json(with_a_plan(true))), "");
}

}  // namespace
}  // namespace ortforge

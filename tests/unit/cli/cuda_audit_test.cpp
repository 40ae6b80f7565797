#include "ortforge/cli/cuda_audit.hpp"

#include "support/fat_binary.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

class CudaAuditTest : public testing::Test {
 protected:
  CudaAuditTest() {
    requests_.resize(1);
    requests_[0].variant.name = "demo-cuda9_9-sm90";
    requests_[0].variant.branch = "1";
    requests_[0].variant.sm = 90;
    asks_for("90-real");
  }

  // What the recipe has nvcc compile for.
  void asks_for(const std::string& architectures) {
    requests_[0].recipe.files["CMakePresets.json"] = R"({"configurePresets": [
        {"name": "core", "cacheVariables": {"CMAKE_BUILD_TYPE": "Release"}},
        {"name": "provider", "cacheVariables": {"CMAKE_CUDA_ARCHITECTURES": {"value": ")" +
                                                     architectures + R"("}}}]})";
  }
  void add(const std::string& content) {
    ASSERT_TRUE(write_file(result_.path() / "lib" / "libdemo.so", content));
  }
  std::string fault() const {
    const auto audit = audit_cuda(requests_[0], result_.path());
    return audit ? audit->fault : audit.error().message;
  }

  std::vector<PlanRequest> requests_;
  TemporaryDirectory result_;
};

TEST_F(CudaAuditTest, FindsWhatAResultHolds) {
  add(cuda_library({a_cubin(90)}));
  const auto audit = audit_cuda(requests_[0], result_.path());
  ASSERT_TRUE(audit) << audit.error().message;
  ASSERT_TRUE(audit->code);
  EXPECT_EQ(cuda_code_text(*audit->code), "sm_90 in 1 cubin, no PTX");
  EXPECT_EQ(audit->fault, "");
}

TEST_F(CudaAuditTest, PtxIsAFaultUnlessTheRecipeAsksForIt) {
  add(cuda_library({a_cubin(90), some_ptx(90)}));
  EXPECT_EQ(fault(),
            "libdemo.so holds sm_90 in 1 cubin, PTX 9.0 for compute_90; the variant names sm_90 and no PTX");
  asks_for("90");
  EXPECT_EQ(fault(), "");
  asks_for("90-real;90-virtual");
  EXPECT_EQ(fault(), "");
}

TEST_F(CudaAuditTest, ALibraryThatCannotBeUnderstoodIsAFault) {
  add("no library");
  const auto audit = audit_cuda(requests_[0], result_.path());
  ASSERT_TRUE(audit) << audit.error().message;
  EXPECT_FALSE(audit->code);
  EXPECT_EQ(audit->fault, (result_.path() / "lib" / "libdemo.so").string() + ": is no ELF file");
}

TEST_F(CudaAuditTest, ACpuVariantIsNotLookedInto) {
  requests_[0].variant.sm.reset();
  add("no library");
  const auto audit = audit_cuda(requests_[0], result_.path());
  ASSERT_TRUE(audit) << audit.error().message;
  EXPECT_FALSE(audit->code);
  EXPECT_EQ(audit->fault, "");
}

TEST_F(CudaAuditTest, AStepIsJudgedByTheVariantItWorksFor) {
  requests_.push_back(requests_[0]);
  requests_[1].variant.name = "demo-cuda9_9-sm80";
  requests_[1].variant.sm = 80;
  add(cuda_library({a_cubin(80)}));
  Step step;
  step.branch = "1";
  step.recipe.scope = "demo-package-sm80";
  step.variants = {"demo-cuda9_9-sm80"};
  EXPECT_EQ(cuda_fault_in(requests_, step, result_.path()).value(), "");
  step.variants = {"demo-cuda9_9-sm90"};
  EXPECT_EQ(cuda_fault_in(requests_, step, result_.path()).value(),
            "libdemo.so holds sm_80 in 1 cubin, no PTX; the variant names sm_90 and no PTX");
  step.branch = "2";
  EXPECT_EQ(cuda_fault_in(requests_, step, result_.path()).error().message,
            "demo-package-sm80: belongs to no variant");
}

}  // namespace
}  // namespace ortforge

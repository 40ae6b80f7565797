// The parts of ort-check that need neither ONNX Runtime nor a GPU.
#include <string>

#include <gtest/gtest.h>

extern "C" {
#include "gpu.h"
#include "profile.h"
}

namespace ortforge {
namespace {

std::string wrong(int built_for, int device) {
  char text[128];
  return wrong_sm(built_for, device, text, sizeof text);
}

std::string missing(const char* message) {
  char name[64] = "";
  return missing_library(message, name, sizeof name) != 0 ? name : "";
}

TEST(OrtCheck, SaysWhatAProviderWasBuiltFor) {
  EXPECT_EQ(wrong(80, 90), "built for sm80, this is sm90, no PTX");
  EXPECT_EQ(wrong(89, 80), "built for sm89, this is sm80, no PTX");
  EXPECT_EQ(wrong(90, 90), "built for sm90, this is sm90: the provider holds no code for it");
}

TEST(OrtCheck, CodeRunsOnTheSameMajorNumber) {
  EXPECT_TRUE(code_runs(80, 86));
  EXPECT_TRUE(code_runs(90, 90));
  EXPECT_FALSE(code_runs(86, 80));
  EXPECT_FALSE(code_runs(80, 90));
  EXPECT_FALSE(code_runs(120, 100));
}

TEST(OrtCheck, KnowsErrors) {
  EXPECT_TRUE(says_no_kernel_image(
      "CUDA failure 209: no kernel image is available for execution on the device ; GPU=0"));
  EXPECT_TRUE(says_no_kernel_image("CUDA error cudaErrorNoKernelImageForDevice"));
  EXPECT_FALSE(says_no_kernel_image("CUDA failure 100: no CUDA-capable device is detected"));
  EXPECT_EQ(
      missing("Failed to load library /r/lib/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: "
              "cannot open shared object file: No such file or directory"),
      "libcublasLt.so.13");
  EXPECT_EQ(missing("libonnxruntime_providers_shared.so: cannot open shared object file: No such file"), "");
  EXPECT_EQ(missing("/r/libonnxruntime_providers_cuda.so: cannot open shared object file: No such file"), "");
  EXPECT_EQ(missing("undefined symbol: Provider_GetHost"), "");
}

// Events as ONNX Runtime 1.21 writes them.
constexpr const char* kProfile = R"([
{"cat" : "Session","pid" :1,"tid" :1,"dur" :4,"ts" :2,"ph" : "X","name" :"model_loading_uri","args" : {}},
{"cat" : "Node","pid" :1,"tid" :1,"dur" :9,"ts" :9,"ph" : "X","name" :"n_kernel_time","args" : {"thread_scheduling_stats" : "","provider" : "CUDAExecutionProvider","op_name" : "Slice"}},
{"cat" : "Node","pid" :1,"tid" :1,"dur" :9,"ts" :9,"ph" : "X","name" :"m_kernel_time","args" : {"op_name" : "Concat","provider" : "CPUExecutionProvider"}},
{"cat" : "Node","pid" :1,"tid" :1,"dur" :9,"ts" :9,"ph" : "X","name" :"f_fence","args" : {"op_name" : "Loop"}}
])";

TEST(OrtCheck, ReadsWhereOperatorsRan) {
  const auto check = [](const char* operators) {
    testing::internal::CaptureStdout();
    const bool good = check_profile(kProfile, operators, "model") != 0;
    return std::string(good ? "1 " : "0 ") + testing::internal::GetCapturedStdout();
  };
  EXPECT_EQ(check("Slice"), "1 ok model: Slice ran on CUDAExecutionProvider\n");
  EXPECT_EQ(check("-"), "1 ok model: some operator ran on CUDAExecutionProvider\n");
  EXPECT_EQ(check("Slice,Concat"),
            "0 ok model: Slice ran on CUDAExecutionProvider\n"
            "FAIL model: Concat ran on CPUExecutionProvider, expected CUDAExecutionProvider\n");
  EXPECT_EQ(check("Loop"), "0 FAIL model: the profile does not show Loop\n");
  EXPECT_EQ(check("Sli"), "0 FAIL model: the profile does not show Sli\n");
  EXPECT_EQ(check(""), "0 ");
}

}  // namespace
}  // namespace ortforge

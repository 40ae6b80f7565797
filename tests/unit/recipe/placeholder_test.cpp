#include "ortforge/recipe/placeholder.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

const PlaceholderValues kValues{{"sm", "90"}, {"isa", "avx2"}, {"src.onnx", "src/onnx"}};

std::string expanded(std::string_view text) {
  const auto result = expand_placeholders(text, kValues, "here");
  return result ? *result : "error: " + result.error().message;
}

TEST(Placeholder, StandsForItsValueAnywhere) {
  EXPECT_EQ(expanded("@sm@"), "90");
  EXPECT_EQ(expanded("-arch=@sm@-real;@src.onnx@/cmake@isa@"), "-arch=90-real;src/onnx/cmakeavx2");
  EXPECT_EQ(expanded(""), "");
}

TEST(Placeholder, LeavesOtherAtSignsAlone) {
  EXPECT_EQ(expanded("a@b"), "a@b");
  EXPECT_EQ(expanded("a @ b @ c"), "a @ b @ c");
  EXPECT_EQ(expanded("@@sm@@"), "@sm@");
  EXPECT_EQ(expanded("@CMAKE_INSTALL_"), "@CMAKE_INSTALL_");
  EXPECT_EQ(expanded("${prefix}/@ and @sm@"), "${prefix}/@ and 90");
}

TEST(Placeholder, ThatIsUnknownIsAnErrorWithPlaceAndNearestName) {
  const auto result = expand_placeholders("x@ias@", kValues, "onnxruntime main: CMake option A");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(result.error().message,
            "onnxruntime main: CMake option A: unknown placeholder '@ias@' (did you mean 'isa'?); known "
            "here: isa, sm, src.onnx");
}

}  // namespace
}  // namespace ortforge

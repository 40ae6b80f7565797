#include "ortforge/cli/toolkit_option.hpp"

#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

Variant variant_named(const std::string& name) {
  const Product& product = shipped_matrix().products.at("simdkernels");
  for (Variant& variant : variants_of(shipped_matrix(), product, product.branches.at("1.0")))
    if (variant.name == name) return std::move(variant);
  ADD_FAILURE() << name;
  return {};
}

TEST(LackOfToolkit, WheelsCountOnTheirPlatformOnly) {
  EXPECT_FALSE(
      lack_of_toolkit(shipped_matrix(), variant_named("simdkernels-cuda13_0-sm90-avx2"), std::nullopt));
  EXPECT_FALSE(lack_of_toolkit(shipped_matrix(), variant_named("simdkernels-cpu-armv9"), std::nullopt));
  const Variant arm = variant_named("simdkernels-cuda13_0-sm90-armv9");
  const auto lack = lack_of_toolkit(shipped_matrix(), arm, std::nullopt);
  ASSERT_TRUE(lack);
  EXPECT_EQ(lack->message,
            "simdkernels-cuda13_0-sm90-armv9 needs CUDA 13.0, and line cuda13_0 names no wheels of it for "
            "aarch64-linux");
  EXPECT_EQ(lack->kind, ErrorKind::missing);
}

}  // namespace
}  // namespace ortforge

#include "ortforge/base/late_library.hpp"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace ortforge {
namespace {

inline constinit const LateLibrary libm{"libm.so.6"};
inline constinit const LateFunction<decltype(::cos)> late_cos{libm, "cos"};
inline constinit const LateFunction<decltype(::cos)> no_such{libm, "no_such_function"};

TEST(LateLibrary, FunctionsAreCalledAsIfLinked) {
  ASSERT_TRUE(libm.open());
  EXPECT_EQ(late_cos(0.0), 1.0);
  EXPECT_EQ(late_cos(0.0), 1.0);
  EXPECT_THROW(no_such(0.0), std::runtime_error);
}

TEST(LateLibrary, AnAbsentLibraryIsAnError) {
  const LateLibrary absent("libno-such-thing.so.9");
  const auto opened = absent.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::missing);
  EXPECT_EQ(opened.error().message.substr(0, 39), "libno-such-thing.so.9 cannot be loaded:");
  EXPECT_THROW(absent.address("f"), std::runtime_error);
}

}  // namespace
}  // namespace ortforge

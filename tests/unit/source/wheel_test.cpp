#include "ortforge/source/wheel.hpp"

#include "support/archive_maker.hpp"
#include "support/fetch_listener.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/origin.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

TEST(WheelName, IsReadInItsParts) {
  const auto name =
      parse_wheel_name("a_b-13.0.88-1-py2.py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl");
  ASSERT_TRUE(name);
  const WheelName expected{
      "a_b", "13.0.88", {"py2", "py3"}, {"none"}, {"manylinux2014_x86_64", "manylinux_2_17_x86_64"}};
  EXPECT_EQ(*name, expected);
  for (const char* bad :
       {"a-1.tar.gz", "a-1-py3-none.whl", "a--py3-none-any.whl", "../a-1-py3-none-any.whl"}) {
    EXPECT_FALSE(parse_wheel_name(bad)) << bad;
  }
}

TEST(WheelName, AsksPipForExactlyThatWheel) {
  const auto arguments =
      pip_download_arguments("p==1.7.0", "p-1.7.0-cp311-cp311-manylinux_2_17_x86_64.whl", "to");
  ASSERT_TRUE(arguments);
  EXPECT_THAT(*arguments,
              IsSupersetOf({"--no-deps", "--implementation", "cp", "--python-version", "311", "--abi",
                            "cp311", "--platform", "manylinux_2_17_x86_64", "p==1.7.0"}));
}

class WheelOrigin : public testing::Test {
 protected:
  void SetUp() override {
    origin_.kind = SourceOrigin::Kind::wheel;
    origin_.package = "tiny-wheel";
    origin_.version = "1.0";
    origin_.file = "tiny_wheel-1.0-py3-none-any.whl";
    source_.name = "tiny";
    // An index that is a folder, as pip lets a user configure it; nothing else of the user's configuration
    // counts.
    context_.variables = {{"PATH", own_environment()["PATH"]},
                          {"HOME", directory_.path().string()},
                          {"PIP_NO_INDEX", "1"},
                          {"PIP_CONFIG_FILE", "/dev/null"},
                          {"PIP_FIND_LINKS", directory_.path().string()}};
  }

  void make_wheel(const std::string& file) {
    make_archive(directory_.path() / file,
                 {a_file("tiny/__init__.py", ""),
                  a_file("tiny_wheel-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n"),
                  a_file("tiny_wheel-1.0.dist-info/METADATA",
                         "Metadata-Version: 2.1\nName: tiny-wheel\nVersion: 1.0\n"
                         "Requires-Python: <3.4\n")});
  }

  Result<Obtained> get() {
    std::filesystem::create_directories(directory_.path() / "scratch");
    return obtain_wheel(source_, origin_, directory_.path() / "scratch", context_);
  }

  TemporaryDirectory directory_;
  Source source_;
  SourceOrigin origin_;
  SourceContext context_;
};

TEST_F(WheelOrigin, ComesFromTheIndexThatPipIsConfiguredToUse) {
  ORTFORGE_NEEDS(has_program("python3"), "python3 with pip");
  make_wheel(origin_.file);
  const auto obtained = get();
  ASSERT_TRUE(obtained) << obtained.error().message;
  EXPECT_EQ(obtained->file_digest, *sha256_file(directory_.path() / origin_.file));
}

TEST_F(WheelOrigin, HandsOnWhatPipSays) {
  ORTFORGE_NEEDS(has_program("python3"), "python3 with pip");
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().kind, ErrorKind::missing);
  EXPECT_THAT(obtained.error().message, HasSubstr("No matching distribution found for tiny-wheel==1.0"));
}

TEST_F(WheelOrigin, NamesAnotherFileThatTheIndexGives) {
  ORTFORGE_NEEDS(has_program("python3"), "python3 with pip");
  make_wheel("tiny_wheel-1.0-1-py3-none-any.whl");
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().message,
            "the index gives tiny_wheel-1.0-1-py3-none-any.whl instead of tiny_wheel-1.0-py3-none-any.whl");
}

TEST_F(WheelOrigin, StopsPipWhenAsked) {
  ASSERT_TRUE(write_file(directory_.path() / "bin/python3", "#!/bin/sh\nexec sleep 100\n", true));
  context_.variables["PATH"] = (directory_.path() / "bin").string() + ":/usr/bin:/bin";
  Interrupt interrupt;
  context_.interrupt = &interrupt;
  TestFetchListener listener([&] { interrupt.request(); });
  context_.listener = &listener;
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().kind, ErrorKind::interrupted);
}

TEST_F(WheelOrigin, NamesThePackageThatHoldsPip) {
  context_.variables["PATH"] = "/nowhere";
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().kind, ErrorKind::missing);
  EXPECT_THAT(obtained.error().hint, HasSubstr("python3-pip"));
}

}  // namespace
}  // namespace ortforge

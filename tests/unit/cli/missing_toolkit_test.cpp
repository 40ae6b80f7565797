// Builds whose CUDA toolkit cannot be put together end before anything runs, with its own message and exit
// code.
#include <filesystem>

#include "support/archive_maker.hpp"
#include "support/call.hpp"
#include "support/matrix_fixture.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kDigest = "sha256-Vv5QLrd2JaEvJRcsqjzd205Mi6LIwX26RLFkdhs4DwM=";

class MissingToolkit : public testing::Test {
 protected:
  void SetUp() override {
    matrix_.edit("environments.json",
                 [](Json& json) { json["environments"]["host"]["programs"] = Json::array({"sh"}); });
    ASSERT_TRUE(write_file(sources() / "CMakeLists.txt", "# nothing compiles it"));
    // Looking the environment up takes no more than a program of this name.
    program("bwrap", "");
    variables_["PATH"] = (directory_.path() / "bin").string() + ":/usr/bin:/bin";
  }

  void program(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file(directory_.path() / "bin" / name, "#!/bin/sh\n" + text, true));
  }

  // Makes a wheel with this file the one wheel of the line.
  void make_toolkit_of(const std::string& file) {
    const fs::path wheel = directory_.path() / "tiny-1-py3-none-any.whl";
    make_archive(wheel, {a_file(file, "content")});
    matrix_.edit("simdkernels.json", [&](Json& json) {
      Json& toolkit = json["branches"]["1.0"]["lines"]["cuda13_0"]["toolkit"];
      Json nvcc = toolkit[0];
      nvcc["sha256"] = sha256_file(wheel).value().hex();
      nvcc["origins"] = Json::array();
      nvcc["origins"].push_back({{"kind", "archive"}, {"url", "file://" + wheel.string()}});
      toolkit = Json::array();
      toolkit.push_back(nvcc);
    });
  }

  // What a build says that ends with this code and has built and recorded nothing.
  std::string refused(int code, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--matrix", matrix_.path().string(),
                                       "build",    "simdkernels/sm90-avx2",
                                       "--source", "simdkernels=" + sources().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CallResult result = call({home(), directory_.path(), variables_, nullptr}, arguments);
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_FALSE(fs::exists(home() / "store"));
    EXPECT_FALSE(fs::exists(home() / "state.db"));
    return result.err;
  }

  fs::path home() const { return directory_.path() / "home"; }
  fs::path sources() const { return directory_.path() / "sources"; }

  TemporaryDirectory directory_;
  TemporaryMatrix matrix_ = TemporaryMatrix::copy_of_shipped();
  std::map<std::string, std::string> variables_;
};

TEST_F(MissingToolkit, OfflineTheFirstWheelIsNamed) {
  EXPECT_EQ(
      refused(3, {"--offline"}),
      fmt::format("error: source nvidia-cuda-nvcc 13.0.88 ({}) is not in {}/sources, and nothing may be "
                  "fetched offline\n"
                  "  run `ortforge fetch` where there is a network\n",
                  kDigest, home().string()));
}

TEST_F(MissingToolkit, AWheelThatTheIndexLacksIsNamedWithWhatPipSays) {
  program("python3", "echo 'ERROR: No matching distribution found for nvidia-cuda-nvcc==13.0.88'\nexit 1\n");
  const std::string said = refused(3);
  EXPECT_THAT(said, HasSubstr(fmt::format("error: source nvidia-cuda-nvcc 13.0.88 ({}) cannot be fetched:\n"
                                          "  wheel nvidia-cuda-nvcc 13.0.88 nvidia_cuda_nvcc-13.0.88-",
                                          kDigest)));
  EXPECT_THAT(said, HasSubstr(": pip: exit code 1: No matching distribution found for "
                              "nvidia-cuda-nvcc==13.0.88\n"));
}

TEST_F(MissingToolkit, AWheelWithoutWhatItIsNeededForIsNamed) {
  make_toolkit_of("nvidia/cu13/lib/libcudart.so.13");
  EXPECT_THAT(refused(2), HasSubstr("error: toolkit: wheel nvidia-cuda-nvcc has no bin/nvcc in nvidia/*\n"));
}

}  // namespace
}  // namespace ortforge

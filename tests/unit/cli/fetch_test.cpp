// `ortforge fetch` of one archive, in an environment that needs nothing.
#include <filesystem>

#include "support/archive_maker.hpp"
#include "support/call.hpp"
#include "support/json_schema.hpp"
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

class Fetch : public testing::Test {
 protected:
  void SetUp() override {
    make_archive(archive_, {a_file("s-1/CMakeLists.txt", "#")});
    pin(sha256_file(archive_).value());
    matrix_.edit("environments.json", [](Json& json) {
      json["environments"]["host"]["programs"] = Json::array({"sh"});
    });
    // Looking the environment up takes no more than a program of this name.
    ASSERT_TRUE(write_file(directory_.path() / "bin/bwrap", "#!/bin/sh\n", true));
    variables_["PATH"] = (directory_.path() / "bin").string() + ":/usr/bin:/bin";
  }

  // Makes the archive the one source of simdkernels.
  void pin(const Digest& digest) {
    matrix_.edit("simdkernels.json", [&](Json& json) {
      Json origin;
      origin["kind"] = "archive";
      origin["url"] = "file://" + archive_.string();
      Json source;
      source["version"] = "1.0.0";
      source["sha256"] = digest.hex();
      source["origins"] = Json::array();
      source["origins"].push_back(origin);
      json["branches"]["1.0"]["sources"]["simdkernels"] = source;
    });
  }

  void without_sandbox() { variables_["PATH"] = (directory_.path() / "empty").string(); }

  CallResult run(std::vector<std::string> more = {}, Interrupt* interrupt = nullptr) {
    std::vector<std::string> arguments{"--matrix", matrix_.path().string(), "fetch", "simdkernels/cpu-avx2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call({directory_.path() / "home", directory_.path(), variables_, interrupt}, arguments);
  }

  TemporaryDirectory directory_;
  TemporaryMatrix matrix_ = TemporaryMatrix::copy_of_shipped();
  fs::path archive_ = directory_.path() / "s-1.tar.gz";
  std::map<std::string, std::string> variables_;
};

TEST_F(Fetch, SaysWhatItDownloadsAndNothingOfWhatIsHere) {
  const CallResult first = run();
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.err, "fetch  simdkernels 1.0.0\n");
  EXPECT_THAT(first.out, HasSubstr("fetched"));
  const CallResult second = run();
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(second.err, "");
  EXPECT_THAT(second.out, HasSubstr("was here"));
}

TEST_F(Fetch, QuietSaysNothing) {
  EXPECT_EQ(run({"--quiet"}).err, "");
}

TEST_F(Fetch, EndsWithTwoWhenTheContentIsWrong) {
  pin(sha256("something else"));
  const CallResult result = run();
  EXPECT_EQ(result.code, 2) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("wrong hash"));
}

TEST_F(Fetch, EndsWithThreeWhenTheOriginIsGone) {
  ASSERT_TRUE(remove_tree(archive_));
  const CallResult result = run();
  EXPECT_EQ(result.code, 3) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("failed"));
}

TEST_F(Fetch, PrintsItsReportWhenTheEnvironmentCannotBeMade) {
  without_sandbox();
  const CallResult result = run({"--json"});
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_EQ(schema_violations("fetch", result.out), "");
  EXPECT_EQ(Json::parse(result.out).at("sources").size(), 1U);
  EXPECT_THAT(result.err, HasSubstr("apt-get install bubblewrap"));
}

TEST_F(Fetch, EndsWithTheGreatestCode) {
  pin(sha256("something else"));
  without_sandbox();
  const CallResult result = run();
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("wrong hash"));
}

TEST_F(Fetch, EndsWithInterruptedWhenEverythingIsHere) {
  ASSERT_EQ(run().code, 0);
  Interrupt interrupt;
  interrupt.request();
  EXPECT_EQ(run({}, &interrupt).code, 130);
}

}  // namespace
}  // namespace ortforge

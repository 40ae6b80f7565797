#include "ortforge/record/known_versions.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

class KnownVersionsTest : public testing::Test {
 protected:
  // Asks programs that all have version_, in an environment whose digest covers every program but git.
  std::map<std::string, std::string> ask(const std::string& environment,
                                         const std::vector<std::string>& programs) {
    const RunTool run = [this](const std::vector<std::string>& argv) -> Result<Captured> {
      asked_.push_back(argv.front());
      Captured captured;
      captured.outcome.ending = Exited{argv.front() == "absent" ? 127 : 0};
      captured.output = argv.front() + " " + version_ + "\n";
      return captured;
    };
    const auto covered = [](const std::string& program) { return program != "git"; };
    asked_.clear();
    const auto versions = known_tool_versions(directory_.path() / "host.tools.json", sha256(environment),
                                              programs, covered, run);
    EXPECT_TRUE(versions);
    return versions.value_or(std::map<std::string, std::string>());
  }

  TemporaryDirectory directory_;
  std::string version_ = "1";
  std::vector<std::string> asked_;
};

using Versions = std::map<std::string, std::string>;

TEST_F(KnownVersionsTest, AsksOncePerEnvironment) {
  EXPECT_EQ(ask("one", {"cmake", "ninja"}), (Versions{{"cmake", "cmake 1"}, {"ninja", "ninja 1"}}));
  EXPECT_EQ(ask("one", {"cmake", "ninja"}), (Versions{{"cmake", "cmake 1"}, {"ninja", "ninja 1"}}));
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(ask("one", {"cmake", "ld"}), (Versions{{"cmake", "cmake 1"}, {"ld", "ld 1"}}));
  EXPECT_EQ(asked_, std::vector<std::string>{"ld"});
  version_ = "2";
  EXPECT_EQ(ask("two", {"cmake"}), (Versions{{"cmake", "cmake 2"}}));
}

TEST_F(KnownVersionsTest, AsksAgainWhatTheDigestDoesNotCover) {
  ask("one", {"git", "absent"});
  version_ = "2";
  const Versions versions = ask("one", {"git", "absent"});
  EXPECT_EQ(asked_, (std::vector<std::string>{"git", "absent"}));
  EXPECT_EQ(versions.at("git"), "git 2");
  EXPECT_EQ(versions.at("absent"), "unknown: absent: no version: exit code 127");
}

TEST_F(KnownVersionsTest, ADamagedFileCostsOnlyTheAsking) {
  ASSERT_TRUE(write_file(directory_.path() / "host.tools.json", R"({"environment": 7, "versions": [)"));
  EXPECT_EQ(ask("one", {"cmake"}), (Versions{{"cmake", "cmake 1"}}));
  EXPECT_EQ(asked_, std::vector<std::string>{"cmake"});
}

}  // namespace
}  // namespace ortforge

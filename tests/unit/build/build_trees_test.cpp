// Build trees that one step keeps and another goes on in, and files that entries share.
#include <algorithm>
#include <filesystem>

#include "support/fake_build.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/build/clean.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class BuildTreesTest : public testing::Test {
 protected:
  // The package goes on in the tree of its core, whose one object is old.
  void SetUp() override {
    build_.step("package-a").continues = 0;
    build_.runner.effects["core-a"] = [this] {
      const fs::path tree = build_.work("core-a") / "build" / "core-a";
      EXPECT_TRUE(write_file(tree / "object", "one"));
      EXPECT_TRUE(write_file(tree / ".ninja_log", "# ninja log v5\n0\t9\t1\tobject\tab\n"));
      fs::last_write_time(tree / "object", fs::file_time_type() + std::chrono::hours(1));
      object_time_ = fs::last_write_time(tree / "object");
    };
    build_.runner.effects["package-a"] = [this] {
      found_ = read_file(lent() / "object").value_or("none");
      if (found_ != "none") found_time_ = fs::last_write_time(lent() / "object");
    };
  }

  fs::path home() { return build_.work("core-a").parent_path().parent_path(); }
  fs::path lent() { return build_.work("package-a") / "build" / "core-a"; }
  fs::path kept() { return home() / "trees" / build_.work("core-a").filename(); }
  void run() {
    const auto report = build_.run({});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->success());
  }

  FakeBuild build_{{"a"}};
  std::string found_;
  fs::file_time_type object_time_;
  fs::file_time_type found_time_;
};

TEST_F(BuildTreesTest, AStepGoesOnInACopyWithTheTimesOfTheFiles) {
  run();
  EXPECT_EQ(found_, "one");
  EXPECT_EQ(found_time_, object_time_);
  EXPECT_TRUE(fs::exists(kept() / "object")) << "other steps may go on in it too";
}

TEST_F(BuildTreesTest, WithoutTheTreeAStepBeginsAnew) {
  run();
  fs::remove_all(kept());
  found_.clear();
  build_.step("package-a").key = sha256("another").hex();
  build_.step("package-a").parts["recipe"] = "another";
  run();
  EXPECT_EQ(found_, "none");
}

TEST_F(BuildTreesTest, AnAttemptThatWasBrokenOffGoesOnInItsOwnTree) {
  build_.runner.outcomes["package-a"] = Outcome{Exited{1}, {}, false};
  ASSERT_TRUE(build_.run({}));
  ASSERT_TRUE(write_file(lent() / "object", "two"));
  build_.runner.outcomes.clear();
  run();
  EXPECT_EQ(found_, "two");
}

TEST_F(BuildTreesTest, AStepWhoseOutputWasLostTakesItsTreeBack) {
  run();
  fs::remove_all(home() / "store");
  build_.runner.effects["core-a"] = [this] {
    found_ = read_file(build_.work("core-a") / "build" / "core-a" / "object").value_or("none");
  };
  build_.runner.effects["package-a"] = [] {};
  run();
  EXPECT_EQ(found_, "one");
}

TEST_F(BuildTreesTest, NobodyGoesOnNothingIsKept) {
  build_.step("package-a").continues.reset();
  run();
  EXPECT_EQ(found_, "none");
  EXPECT_FALSE(fs::exists(home() / "trees"));
}

TEST_F(BuildTreesTest, WhoGoesOnIsInTheStoreNothingIsKept) {
  FakeBuild build({"a", "b"});
  build.step("package-a").continues = 0;
  build.step("package-b").needs = {0, 1};
  build.step("package-b").recipe.needs = {"core-a", "core-b"};
  build.runner.effects["core-a"] = [&] {
    EXPECT_TRUE(write_file(build.work("core-a") / "build" / "core-a" / "object", "one"));
  };
  ASSERT_TRUE(build.run({}));
  EXPECT_FALSE(fs::is_empty(build.home() / "trees"));
  fs::remove_all(build.home() / "trees");
  for (const char* scope : {"core-a", "package-b"})
    fs::remove_all(Store(build.home()).entry_path(build.step(scope).key, scope));
  ASSERT_TRUE(build.run({}));
  const auto programs = build.runner.programs();
  EXPECT_EQ(std::count(programs.begin(), programs.end(), "core-a"), 2);
  EXPECT_EQ(std::count(programs.begin(), programs.end(), "package-a"), 1);
  EXPECT_FALSE(fs::exists(build.home() / "trees"));
}

TEST_F(BuildTreesTest, GcTakesThem) {
  run();
  const auto cleaned = clean_home(home(), {});
  ASSERT_TRUE(cleaned) << cleaned.error().message;
  EXPECT_EQ(cleaned->front().path, "trees/" + kept().filename().string());
  EXPECT_TRUE(fs::is_empty(home() / "trees"));
}

TEST(EqualFiles, ShareTheDiskAcrossEntriesAndWithinOne) {
  FakeBuild build({"a"});
  const std::string large(5000, 'x');
  const auto write = [&](const std::string& scope, const std::vector<std::string>& names) {
    build.runner.effects[scope] = [&build, &large, scope, names] {
      for (const std::string& name : names)
        EXPECT_TRUE(write_file(build.work(scope) / "out" / scope / name, large));
    };
  };
  write("core-a", {"library"});
  write("package-a", {"lib/library", "wheel/library"});
  ASSERT_TRUE(build.run({}));
  const fs::path store = build.work("core-a").parent_path().parent_path() / "store";
  const fs::path core = store / build.work("core-a").filename();
  const fs::path package = store / build.work("package-a").filename();
  EXPECT_EQ(fs::hard_link_count(core / "library"), 3U);
  EXPECT_TRUE(fs::equivalent(package / "wheel/library", core / "library"));
  EXPECT_EQ(read_file(package / "lib/library").value(), large);
}

}  // namespace
}  // namespace ortforge

// Steps with and without the compiler cache, by what their commands are given and what is kept of their
// times.
#include "support/fake_build.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/build/compiler_cache.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class ExecutorCache : public testing::Test {
 protected:
  // What the command of core-a was given, or that of the package.
  const std::map<std::string, std::string>& run(std::uint64_t cache_bytes,
                                                const std::string& program = "core-a") {
    BuildOptions options;
    options.cache_bytes = cache_bytes;
    const auto report = build_.run(options);
    EXPECT_TRUE(report && report->success());
    for (const auto& started : build_.runner.started) {
      if (started.program == program) return started.variables;
    }
    ADD_FAILURE() << program << " was not started";
    static const std::map<std::string, std::string> none;
    return none;
  }

  // Lets core-a leave an object's cost and this log of the cache behind.
  void let_core_log(const std::string& log) {
    build_.runner.effects["core-a"] = [this, log] {
      const fs::path work = build_.work("core-a");
      EXPECT_TRUE(write_file(work / "build" / "core-a" / ".ninja_log", "# ninja log v5\n0\t9\t1\ta.o\tab\n"));
      EXPECT_TRUE(write_file(work / kCacheLog, log));
    };
  }

  FakeBuild build_{{"a"}};
};

TEST_F(ExecutorCache, CompilingStepsGetIt) {
  build_.install_ccache();
  build_.step("core-a").recipe.cache_namespace = "avx2";
  const auto& variables = run(kCompilerCacheBytes);
  EXPECT_EQ(variables.at("CCACHE_NAMESPACE"), cache_namespace(build_.step("core-a")));
  EXPECT_EQ(variables.at("CMAKE_CXX_COMPILER_LAUNCHER"), "ccache");
  EXPECT_FALSE(variables.contains("CCACHE_DISABLE"));
}

TEST_F(ExecutorCache, OtherStepsDoNot) {
  build_.install_ccache();
  EXPECT_EQ(run(kCompilerCacheBytes, "package-a").count("CCACHE_DIR"), 0U);
}

TEST_F(ExecutorCache, WithoutItATreeThatKnowsItLeavesItAlone) {
  build_.install_ccache();
  const auto& variables = run(0);
  EXPECT_EQ(variables.at("CCACHE_DISABLE"), "1");
  EXPECT_FALSE(variables.contains("CMAKE_CXX_COMPILER_LAUNCHER"));
}

TEST_F(ExecutorCache, AnEnvironmentWithoutCcacheHasNone) {
  EXPECT_EQ(caches_of(FakeEnvironment()).contains("ccache"), fs::exists("/usr/bin/ccache"));
  build_.install_ccache();
  ASSERT_TRUE(remove_tree(build_.root() / "usr" / "bin" / "ccache"));
  EXPECT_FALSE(run(kCompilerCacheBytes).contains("CCACHE_DIR"));
}

TEST_F(ExecutorCache, WhatTheRecipeSetsStands) {
  build_.install_ccache();
  build_.step("core-a").recipe.commands[0].environment["CCACHE_NAMESPACE"] = "own";
  EXPECT_EQ(run(kCompilerCacheBytes).at("CCACHE_NAMESPACE"), "own");
}

TEST_F(ExecutorCache, ATreeThatIsConfiguredKeepsItsLaunchers) {
  build_.install_ccache();
  ASSERT_TRUE(write_file(build_.work("core-a") / "build" / "core-a" / "CMakeCache.txt", ""));
  const auto& variables = run(kCompilerCacheBytes);
  EXPECT_EQ(variables.at("CCACHE_DIR"), "/w/compiler-cache");
  EXPECT_FALSE(variables.contains("CMAKE_CXX_COMPILER_LAUNCHER"));
}

TEST_F(ExecutorCache, HitsAndMissesAreOnRecordAndTimesReplaceTheKnownOnes) {
  let_core_log("# a.cpp\ncache_miss\n");
  run(0);
  EXPECT_EQ(build_.recorder.steps.at(0).cache, (CacheUse{0, 1}));
  EXPECT_EQ(build_.recorder.costs_of, std::vector<std::string>{"core-a"});
}

TEST_F(ExecutorCache, TimesOfHitsDoNot) {
  let_core_log("# a.cpp\ndirect_cache_hit\n");
  run(0);
  EXPECT_EQ(build_.recorder.steps.at(0).cache, (CacheUse{1, 0}));
  EXPECT_TRUE(build_.recorder.costs_of.empty());
}

}  // namespace
}  // namespace ortforge

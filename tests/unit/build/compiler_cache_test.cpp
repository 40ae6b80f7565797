#include "ortforge/build/compiler_cache.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

using Texts = std::map<std::string, std::string>;

Step core_step() {
  Step step;
  step.recipe.kind = "build";
  step.recipe.cache_namespace = "avx2";
  step.parts = {{"environment", "e"}, {"recipe/toolchain/core.cmake", "r"}, {"needs/prepare", "p"}};
  return step;
}

Step provider_step() {
  Step step = core_step();
  step.recipe.cache_namespace = "x86_64-linux-cuda13_0-sm90";
  step.recipe.toolkit = true;
  step.parts["toolkit"] = "t";
  return step;
}

Step with_part(Step step, const std::string& name) {
  step.parts[name] = "another";
  return step;
}

TEST(CompilerCache, CcacheStartsEveryCompiler) {
  const Texts all{{"C", "ccache"}, {"CXX", "ccache"}, {"CUDA", "ccache"}};
  EXPECT_EQ(compiler_launchers({"ccache"}), all);
  EXPECT_EQ(compiler_launchers({"ccache", "sccache"}), all);
  EXPECT_EQ(compiler_launchers({"sccache"}), Texts{}) << "its server does not fit into a step";
  EXPECT_EQ(compiler_launchers({}), Texts{});
}

TEST(CompilerCache, NamespacesKeepApartWhatCcacheDoesNotSee) {
  const Step core = core_step();
  EXPECT_TRUE(cache_namespace(core).starts_with("avx2-")) << cache_namespace(core);
  EXPECT_EQ(cache_namespace(core).size(), std::string("avx2-").size() + 16);
  EXPECT_NE(cache_namespace(with_part(core, "environment")), cache_namespace(core));
  for (const char* name : {"needs/prepare", "recipe/toolchain/core.cmake", "commands"})
    EXPECT_EQ(cache_namespace(with_part(core, name)), cache_namespace(core)) << name;
  Step other = core;
  other.recipe.cache_namespace = "avx512";
  EXPECT_NE(cache_namespace(other), cache_namespace(core));

  const Step provider = provider_step();
  for (const char* name :
       {"environment", "toolkit", "recipe/toolchain/core.cmake", "recipe/CMakePresets.json"})
    EXPECT_NE(cache_namespace(with_part(provider, name)), cache_namespace(provider)) << name;
  for (const char* name : {"needs/prepare", "recipe/provider.cmake"})
    EXPECT_EQ(cache_namespace(with_part(provider, name)), cache_namespace(provider)) << name;
}

TEST(CompilerCache, VariablesNameFixedPlaces) {
  const Step step = core_step();
  Texts wanted{{"CCACHE_COMPILERCHECK", "content"},         {"CCACHE_CONFIGPATH", "/dev/null"},
               {"CCACHE_DIR", "/w/compiler-cache"},         {"CCACHE_MAXSIZE", "20971520Ki"},
               {"CCACHE_NAMESPACE", cache_namespace(step)}, {"CCACHE_STATSLOG", "/w/compiler-cache.log"}};
  EXPECT_EQ(cache_variables(step, {"ccache"}, kCompilerCacheBytes, true), wanted);
  for (const char* language : {"C", "CXX", "CUDA"})
    wanted["CMAKE_" + std::string(language) + "_COMPILER_LAUNCHER"] = "ccache";
  EXPECT_EQ(cache_variables(step, {"ccache"}, kCompilerCacheBytes, false), wanted);
  EXPECT_EQ(cache_variables(step, {"ccache"}, 1, true).at("CCACHE_MAXSIZE"), "1Ki") << "0 would be no limit";
  EXPECT_EQ(cache_variables(step, {}, kCompilerCacheBytes, false), Texts{});
}

TEST(CompilerCache, ReadsTheLog) {
  const std::string hits =
      "# /w/src/a.cpp\ndirect_cache_hit\nlocal_storage_hit\nlocal_storage_read_hit\nlocal_storage_read_hit\n"
      "# b.c\ndirect_cache_miss\nlocal_storage_hit\nlocal_storage_read_hit\npreprocessed_cache_hit\n";
  EXPECT_EQ(parse_cache_log(hits), (CacheUse{2, 0}));
  const std::string miss =
      "# c.cu\ncache_miss\ndirect_cache_miss\nlocal_storage_write\npreprocessed_cache_miss\n";
  EXPECT_EQ(parse_cache_log(hits + miss), (CacheUse{2, 1}));
  const std::string trials =
      "# /w/build/core/CMakeFiles/CMakeScratch/TryCompile-A1b2C3/testCXXCompiler.cxx\ncache_miss\n"
      "# /w/build/core/CMakeFiles/CMakeTmp/src.c\ncache_miss\n"
      "# /usr/share/cmake-3.31/Modules/CMakeCXXCompilerABI.cpp\ndirect_cache_hit\n";
  EXPECT_EQ(parse_cache_log(trials + miss), (CacheUse{0, 1}));
  EXPECT_EQ(parse_cache_log("# a.cpp\ncalled_for_link\n# b.S\nunsupported_source_language\n"), CacheUse{});
  EXPECT_EQ(parse_cache_log(""), CacheUse{});
  EXPECT_EQ(parse_cache_log("# a.cpp\ncache_mis"), CacheUse{}) << "cut off by a full disk";
}

TEST(CompilerCache, ATenthOfHitsSpoilsTheTimes) {
  EXPECT_TRUE(CacheUse{}.measures_compiling());
  EXPECT_TRUE((CacheUse{0, 100}).measures_compiling());
  EXPECT_TRUE((CacheUse{9, 91}).measures_compiling());
  EXPECT_FALSE((CacheUse{10, 90}).measures_compiling());
  EXPECT_FALSE((CacheUse{1, 0}).measures_compiling());
}

TEST(CompilerCache, AFolderThatCannotBeMadeOrWrittenIsNamed) {
  const TemporaryDirectory home;
  ASSERT_TRUE(prepare_compiler_cache(home.path()));
  ASSERT_TRUE(prepare_compiler_cache(home.path())) << "again";
  const auto folder = home.path() / "compiler-cache";
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  ASSERT_TRUE(write_file(folder / ".probe" / "file", "in the way"));
  const auto unwritable = prepare_compiler_cache(home.path());
  ASSERT_FALSE(unwritable);
  EXPECT_EQ(unwritable.error().message, folder.string() + "/.probe: cannot be written: Is a directory");
  ASSERT_TRUE(remove_tree(folder));
  ASSERT_TRUE(write_file(folder, "in the way"));
  const auto refused = prepare_compiler_cache(home.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::missing);
  EXPECT_EQ(refused.error().message, folder.string() + ": cannot be made: Not a directory");
}

}  // namespace
}  // namespace ortforge

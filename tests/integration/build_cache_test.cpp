// The compiler cache with the real ccache: what it gives again, and what it must not.
#include <filesystem>
#include <memory>
#include <set>

#include "support/call.hpp"
#include "support/matrix_fixture.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/build/compiler_cache.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class BuildCompilerCache : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_NEEDS(fs::exists("/usr/bin/ccache"), "package ccache");
    ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
  }

  fs::path home() const { return directory_.path() / "home"; }

  CallResult run_in(const fs::path& home, std::vector<std::string> arguments) const {
    return call({home, directory_.path(), {}, nullptr}, std::move(arguments));
  }

  // What the cache did for the core in a build that must succeed.
  CacheUse build(const fs::path& home, const std::string& variant, std::vector<std::string> more) const {
    std::vector<std::string> arguments{"build", variant, "--no-test", "--no-link", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CallResult result = run_in(home, std::move(arguments));
    EXPECT_EQ(result.code, 0) << result.err << result.out;
    if (result.code != 0) return {};
    const Json json = Json::parse(result.out);
    for (const Json& step : json.at("steps")) {
      if (step.at("step") == "core") {
        return {step.at("cache_hits").get<std::uint64_t>(), step.at("cache_misses").get<std::uint64_t>()};
      }
    }
    ADD_FAILURE() << "no core";
    return {};
  }

  // Digests of what the builds of a scope gave.
  static std::set<std::string> digests(const fs::path& home, const std::string& scope) {
    std::set<std::string> found;
    const auto entries = Store(home).entries();
    EXPECT_TRUE(entries);
    if (!entries) return found;
    for (const StoreEntry& entry : *entries) {
      if (entry.scope == scope) found.insert(entry.output_digest.sri());
    }
    return found;
  }

  TemporaryDirectory directory_;
};

TEST_F(BuildCompilerCache, GivesObjectsAgainButNeverThoseOfAnotherInstructionSet) {
  const CacheUse first = build(home(), "simdkernels/cpu-avx2", {});
  EXPECT_EQ(first.hits, 0U);
  EXPECT_GT(first.misses, 10U);
  const CacheUse other = build(home(), "simdkernels/cpu-avx512", {});
  EXPECT_EQ(other.hits, 0U) << "nothing of avx2";

  const fs::path edited = directory_.path() / "sources";
  const fs::path file = edited / "src" / "core" / "softmax_f32.cpp";
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels", edited));
  ASSERT_TRUE(write_file(file, read_file(file).value() + "// One more comment.\n"));
  const CacheUse again =
      build(home(), "simdkernels/cpu-avx512", {"--source", "simdkernels=" + edited.string()});
  EXPECT_EQ(again.hits + again.misses, other.misses);
  EXPECT_GE(again.hits + 1, other.misses);

  const fs::path fresh = directory_.path() / "fresh";
  EXPECT_EQ(build(fresh, "simdkernels/cpu-avx512", {"--no-cache"}), CacheUse{});
  EXPECT_FALSE(fs::exists(compiler_cache_folder(fresh)));
  const auto expected = digests(fresh, "simdkernels-1.0.0-core-avx512");
  EXPECT_EQ(expected.size(), 1U);
  EXPECT_EQ(digests(home(), "simdkernels-1.0.0-core-avx512"), expected) << "cached or not, the same bytes";
  EXPECT_NE(digests(home(), "simdkernels-1.0.0-core-avx2"), expected);

  const CallResult shown = run_in(home(), {"runs", "3"});
  EXPECT_NE(shown.out.find(" objects from the compiler cache\n"), std::string::npos) << shown.out;
  const CallResult cleaned = run_in(home(), {"gc", "--cache"});
  EXPECT_NE(cleaned.out.find("  compiler-cache\n"), std::string::npos) << cleaned.out;
  EXPECT_FALSE(fs::exists(compiler_cache_folder(home())));
}

TEST_F(BuildCompilerCache, AFolderThatCannotBeWrittenIsLeftOut) {
  ASSERT_TRUE(write_file(compiler_cache_folder(home()), "in the way"));
  const CallResult built = run_in(home(), {"build", "simdkernels/cpu-avx2", "--no-test", "--no-link"});
  EXPECT_EQ(built.code, 0) << built.err;
  EXPECT_NE(built.err.find("building without the compiler cache: " + compiler_cache_folder(home()).string() +
                           ": cannot be made: Not a directory\n"),
            std::string::npos)
      << built.err;
  EXPECT_EQ(built.out.find("compiler cache"), std::string::npos) << built.out;
  EXPECT_EQ(read_file(compiler_cache_folder(home())).value(), "in the way");
}

// ccache 4.9 and later leave the words of "-Xcompiler WORD" out of what they compare.
class BuildCcacheFault : public testing::Test {
 protected:
  // Looks for an environment whose ccache has the fault: this machine, else the Debian root of the user's
  // home.
  void SetUp() override {
    const EnvironmentContext context = environment_context(user_home());
    ORTFORGE_SKIP_WITHOUT(check_sandbox(context));
    std::string seen;
    for (const char* name : {"host", "debian-trixie"}) {
      auto found = find_environment(shipped_matrix().environments.at(name), context);
      if (!found || !*found || !caches_of(**found).contains("ccache")) continue;
      environment_ = std::move(*found);
      const std::string version = version_of_ccache();
      if (compare_versions(version, "4.9") >= 0) return;
      environment_.reset();
      seen += fmt::format(" {} in {}", version, name);
    }
    GTEST_SKIP() << "needs ccache 4.9 or newer, found:" << (seen.empty() ? " none" : seen);
  }

  std::string inside(const std::vector<std::string>& argv,
                     const std::map<std::string, std::string>& variables) {
    const auto done = run_captured(environment_->wrap({argv, variables, {}}, work_.path(), {}));
    EXPECT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
    return done ? done->output : std::string();
  }

  // "ccache version 4.11.2" -> "4.11.2".
  std::string version_of_ccache() {
    const std::vector<std::string> lines = split(inside({"ccache", "--version"}, {}), '\n');
    return split(lines.front(), ' ').back();
  }

  // What a program called nvcc makes of a.cu with this host compiler flag: its arguments.
  std::string compiled(const std::string& flag, const std::string& cache_namespace) {
    Step step;
    step.recipe.cache_namespace = cache_namespace;
    auto variables = cache_variables(step, {"ccache"}, std::uint64_t{1} << 30, true);
    if (cache_namespace.empty()) variables.erase("CCACHE_NAMESPACE");
    inside({"ccache", "/w/nvcc", "-c", "a.cu", "-o", "a.o", "-Xcompiler", flag}, variables);
    return read_file(work_.path() / "a.o").value_or("nothing");
  }

  std::unique_ptr<Environment> environment_;
  TemporaryDirectory work_;
};

TEST_F(BuildCcacheFault, NamespacesKeepHostCompilerFlagsApart) {
  // ccache takes a compiler of this name for nvcc.
  ASSERT_TRUE(write_file(work_.path() / "nvcc",
                         "#!/bin/sh\n"
                         "arguments=$*\n"
                         "while [ $# -gt 0 ]; do\n"
                         "  case $1 in -o) out=$2; shift;; -E) preprocess=1;; *.cu) in=$1;; esac\n"
                         "  shift\n"
                         "done\n"
                         "[ -z \"$preprocess\" ] || arguments=$(cat \"$in\")\n"
                         "if [ -n \"$out\" ]; then exec >\"$out\"; fi\n"
                         "echo \"$arguments\"\n",
                         true));
  ASSERT_TRUE(write_file(work_.path() / "a.cu", "int x;\n"));
  const std::string avx2 = compiled("-mavx2", "");
  EXPECT_NE(avx2.find("-mavx2"), std::string::npos) << avx2;
  EXPECT_EQ(compiled("-mavx512f", ""), avx2) << "the fault is gone: docs/cache.md says otherwise";
  EXPECT_NE(compiled("-mavx2", "avx2").find("-mavx2"), std::string::npos);
  EXPECT_NE(compiled("-mavx512f", "avx512").find("-mavx512f"), std::string::npos);
}

}  // namespace
}  // namespace ortforge

// Job matrices and workflows for continuous integration.
#include "ortforge/report/ci.hpp"

#include <set>

#include "support/call.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

TEST(CiMatrix, IsOneLineOfWhatTheSystemTakes) {
  const ShardNames shards{{"a", "b"}, {"c"}};
  EXPECT_EQ(github_matrix(shards),
            R"({"include":[{"shard":1,"variants":"a b"},{"shard":2,"variants":"c"}]})");
  EXPECT_EQ(gitlab_matrix(shards), R"([{"SHARD":"1","VARIANTS":"a b"},{"SHARD":"2","VARIANTS":"c"}])");
  EXPECT_EQ(github_matrix({}), R"({"include":[]})");
}

class Ci : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ci");
    return call({directory_.path(), {}, {}, nullptr}, std::move(arguments));
  }

  // What the schema of the system says to its workflow; empty: nothing.
  std::string violations(const std::string& system, const std::string& schema) {
    const CallResult made = run({system, "--product", "simdkernels", "--shards", "3", "--workflow"});
    EXPECT_EQ(made.code, 0) << made.err;
    const auto file = directory_.path() / (system + ".yml");
    EXPECT_TRUE(write_file(file, made.out));
    const auto judged =
        run_captured({{python(), "-m", "check_jsonschema", "--builtin-schema", schema, file.string()},
                      own_environment(),
                      directory_.path()});
    if (!judged) return judged.error().message;
    return judged->outcome.success() ? std::string() : judged->output;
  }
  static std::string python() {
    const char* chosen = std::getenv("ORTFORGE_TEST_PYTHON");
    return chosen != nullptr ? chosen : "python3";
  }
  bool has_schemas() {
    const auto asked =
        run_captured({{python(), "-c", "import check_jsonschema"}, own_environment(), directory_.path()});
    return asked && asked->outcome.success();
  }

  TemporaryDirectory directory_;
};

TEST_F(Ci, EveryVariantStandsOnOneShard) {
  const CallResult result = run({"github", "accelerator==cpu", "--shards", "2"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
  const Json jobs = Json::parse(result.out).at("include");
  EXPECT_EQ(jobs.size(), 2U);
  std::set<std::string> names;
  std::size_t count = 0;
  for (const Json& job : jobs) {
    for (const std::string& name : split(job.at("variants").get<std::string>(), ' ')) {
      ++count;
      names.insert(name);
      EXPECT_TRUE(name.starts_with("onnxruntime/ort-1.21:onnxruntime-")) << name;
    }
  }
  EXPECT_EQ(names.size(), count);
  EXPECT_GT(count, 1U);
  EXPECT_EQ(run({"github", "accelerator==cpu", "--shards", "2"}).out, result.out);
}

TEST_F(Ci, FewerVariantsGiveFewerShards) {
  const CallResult result =
      run({"gitlab", "isa==avx2 && accelerator==cpu", "--product", "simdkernels", "--shards", "9"});
  ASSERT_EQ(result.code, 0) << result.err;
  const std::size_t jobs = Json::parse(result.out).size();
  EXPECT_LE(jobs, 1U);
}

TEST_F(Ci, TheWorkflowAsksForTheSameMatrix) {
  const CallResult made = run(
      {"github", "isa==avx2 && accelerator==cpu", "--product", "simdkernels", "--shards", "3", "--workflow"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_NE(made.out.find("          matrix=$(ortforge ci github --shards 3 --product simdkernels "
                          "'isa==avx2 && accelerator==cpu')\n"),
            std::string::npos)
      << made.out;
  EXPECT_NE(made.out.find("      VARIANTS: ${{ matrix.variants }}\n"), std::string::npos) << made.out;
}

TEST_F(Ci, WorkflowsFitTheSchemasOfTheSystems) {
  if (!has_schemas()) {
    GTEST_SKIP() << python() << " has no module check_jsonschema (scripts/setup installs it; "
                 << "ORTFORGE_TEST_PYTHON names the Python)";
  }
  EXPECT_EQ(violations("github", "vendor.github-workflows"), "");
  EXPECT_EQ(violations("gitlab", "vendor.gitlab-ci"), "");
}

TEST_F(Ci, SaysWhatItTakes) {
  EXPECT_EQ(run({}).err, "error: name a system: github or gitlab\n");
  EXPECT_EQ(
      run({"gitlap"}).err,
      "error: unknown system 'gitlap' (did you mean 'gitlab' or 'github'?); expected github or gitlab\n");
  EXPECT_EQ(run({"github", "--shards", "0"}).err,
            "error: --shards 0: expected 1 to 256, the jobs that a matrix of GitHub may have\n");
  const CallResult none = run({"gitlab", "sm==1"});
  EXPECT_EQ(none.code, 0);
  EXPECT_EQ(none.out, "[]\n");
  EXPECT_EQ(none.err, "no variant passes the filter\n");
  EXPECT_EQ(run({"gitlab", "sm==1", "--workflow"}).code, 2);
}

}  // namespace
}  // namespace ortforge

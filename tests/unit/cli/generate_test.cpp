#include "support/call.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class Generate : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "generate");
    return call({directory_.path(), {}, {}}, arguments);
  }

  void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-c", "init.defaultBranch=main"});
    const auto captured =
        run_captured({arguments,
                      {{"PATH", own_environment()["PATH"]}, {"HOME", directory_.path().string()}},
                      directory_.path()});
    EXPECT_TRUE(captured && captured->outcome.success());
  }

  TemporaryDirectory directory_;
};

TEST_F(Generate, WritesTheFolderOfABranchForNix) {
  const std::vector<std::string> arguments{"--backend", "nix", "--branch", "ort-1.24", "--out", "n"};
  const CallResult written = run(arguments);
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_THAT(written.out, StartsWith("36 recipes of 1 branch in "));
  const fs::path out = directory_.path() / "n";
  for (const char* file : {"flake.nix", "README.md", ".flox/env.json", ".flox/env/manifest.toml",
                           ".flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix"}) {
    EXPECT_TRUE(fs::exists(out / file)) << file;
  }
  EXPECT_FALSE(fs::exists(out / ".flox/pkgs/onnxruntime-python312-cuda12_4-sm90-avx2.nix")) << "infeasible";
  std::vector<std::string> check = arguments;
  check.emplace_back("--check");
  EXPECT_EQ(run(check).code, 0);
  const fs::path package = out / ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix";
  ASSERT_TRUE(write_file(package, read_file(package).value() + "# edited\n"));
  const CallResult changed = run(check);
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.out, StartsWith("different: .flox/pkgs/onnxruntime-python313-cpu-avx2.nix:"));
}

TEST_F(Generate, RendersEveryBackendOfABranch) {
  EXPECT_EQ(run({"--branch", "ort-1.22", "--out", "r"}).code, 0);
  const fs::path branch = directory_.path() / "r/onnxruntime/ort-1.22";
  EXPECT_TRUE(fs::exists(branch / "nix/.flox/pkgs/onnxruntime-python313-cpu-avx2.nix"));
  EXPECT_TRUE(fs::exists(branch / "cmake/onnxruntime-python313-cpu-avx2/recipe.json"));
}

TEST_F(Generate, WritesSingleVariantsForNix) {
  const CallResult result = run({"--backend", "nix", "main:cpu-avx2", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = parse_json(result.out, "generate");
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["recipes"][0]["folder"], "onnxruntime/main/nix");
  EXPECT_EQ((*json)["files"][0]["file"],
            "onnxruntime/main/nix/.flox/pkgs/onnxruntime-python313-cpu-avx2.nix");
  EXPECT_EQ((*json)["files"].size(), 1U);
}

TEST_F(Generate, SaysWhyNixCannot) {
  const CallResult gap = run({"--backend", "nix", "ort-1.19:cpu-avx2"});
  EXPECT_EQ(gap.code, 2);
  EXPECT_THAT(gap.err, HasSubstr("is infeasible with Nix: the pinned nixpkgs marks onnxruntime"));
  const CallResult none = run({"--backend", "nix", "--branch", "ort-1.21"});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.err, "error: branch ort-1.21 does not offer the backend nix\n");
  EXPECT_EQ(run({"--backend", "nixx"}).err,
            "error: --backend nixx: expected cmake or nix (did you mean 'nix'?)\n");
  EXPECT_FALSE(fs::exists(directory_.path() / "recipes"));
}

TEST_F(Generate, CommitsABranchOfRecipes) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  git({"init", "-q"});
  git({"config", "user.name", "An Author"});
  git({"config", "user.email", "author@example.org"});
  const std::vector<std::string> arguments{"--backend", "nix", "--branch", "main", "--commit", "nix"};
  const CallResult made = run(arguments);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, StartsWith("36 recipes on branch nix: commit "));
  EXPECT_THAT(run(arguments).out, StartsWith("36 recipes on branch nix: nothing changed since commit "));
  git({"show", "--stat", "nix:.flox/pkgs/onnxruntime-python313-cpu-avx2.nix"});
  EXPECT_FALSE(fs::exists(directory_.path() / ".flox")) << "no work tree is touched";
  const CallResult refused = run({"--backend", "nix", "--branch", "main", "--commit", "main"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("the branch main is checked out"));
}

TEST_F(Generate, RefusesOptionsThatContradict) {
  EXPECT_EQ(run({"--commit", "x", "--out", "y"}).err,
            "error: --commit writes no folder: it goes without --out and --check\n");
  EXPECT_EQ(run({"--commit", "x", "cpu-avx2"}).err,
            "error: --commit takes whole branches: it goes without VARIANT and --filter\n");
  EXPECT_EQ(run({"--repository", "x"}).err, "error: --repository goes with --commit only\n");
  const CallResult nowhere = run({"--backend", "nix", "--branch", "main", "--commit", "x"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("there is no git repository here or above"));
}

}  // namespace
}  // namespace ortforge

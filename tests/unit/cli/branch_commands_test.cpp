// branch new, diff and import from the command line: what they print, exit codes, what stays as it was.
#include <filesystem>

#include "support/call.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class BranchCommands : public testing::Test {
 protected:
  BranchCommands() : matrix_(directory_.path() / "matrix") {
    fs::copy(fs::path(TEST_SOURCE_DIR) / "matrix", matrix_, fs::copy_options::recursive);
  }

  CallResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--matrix", matrix_.string()});
    return call({directory_.path(), {}, {}, nullptr}, std::move(arguments));
  }
  std::string text() const { return read_file(matrix_ / "onnxruntime.json").value(); }

  TemporaryDirectory directory_;
  fs::path matrix_;
};

TEST_F(BranchCommands, ANewBranchIsThereForEveryOtherCommand) {
  const CallResult result = run({"branch", "new", "ort-9.9", "--from", "ort-1.24", "--version", "9.9.0"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            (matrix_ / "onnxruntime.json").string() +
                ": ort-9.9 9.9.0 inherits ort-1.24\n"
                "source onnxruntime: 1.24.2 -> 9.9.0, without a digest until 'ortforge lock' fills "
                "it in\n");
  EXPECT_EQ(run({"check"}).code, 0);
  EXPECT_EQ(Json::parse(run({"list", "--branch", "ort-9.9", "--json"}).out).size(), 66U);
  const CallResult diff = run({"diff", "ort-1.24", "ort-9.9"});
  EXPECT_THAT(diff.out, StartsWith("onnxruntime/ort-1.24 1.24.2 -> onnxruntime/ort-9.9 9.9.0\n\nbranch\n"));
  EXPECT_THAT(diff.out, HasSubstr("    version: 1.24.2 -> 9.9.0\n"));
}

TEST_F(BranchCommands, WrongInputChangesNothing) {
  const std::string before = text();
  const auto error = [&](std::vector<std::string> arguments) {
    const CallResult result = run(std::move(arguments));
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  EXPECT_EQ(error({"branch", "new", "main", "--from", "ort-1.24", "--version", "9.9.0"}),
            "error: onnxruntime has a branch 'main' already\n");
  EXPECT_THAT(error({"branch", "new", "x", "--from", "ort-1.42", "--version", "9.9.0"}),
              HasSubstr("onnxruntime has no branch 'ort-1.42' (did you mean 'ort-1."));
  EXPECT_EQ(error({"branch", "new", "x", "--from", "main", "--version", "new"}),
            "error: --version new: expected dotted numbers such as 1.25.0\n");
  EXPECT_EQ(error({"branch", "new", "x", "--from", "main"}),
            "error: say the parent and the version: branch new x --from BRANCH --version VERSION\n");
  EXPECT_EQ(error({"branch", "nwe", "x", "--from", "main", "--version", "1.0"}),
            "error: branch nwe: expected new (did you mean 'new'?)\n");
  EXPECT_EQ(text(), before);
}

TEST_F(BranchCommands, TheParentMayNameItsProduct) {
  EXPECT_EQ(run({"branch", "new", "2.0", "--from", "simdkernels/1.0", "--version", "2.0"}).code, 0);
  EXPECT_EQ(
      run({"branch", "new", "3.0", "--product", "simdkernels", "--from", "2.0", "--version", "3.0"}).code, 0);
  EXPECT_EQ(run({"list", "--product", "simdkernels", "--branch", "3.0"}).code, 0);
}

TEST_F(BranchCommands, DiffExitsAsGitDiffDoes) {
  EXPECT_EQ(run({"diff", "main", "ort-1.24"}).code, 0);
  EXPECT_EQ(run({"diff", "main", "ort-1.24", "--exit-code"}).code, 1);
  EXPECT_EQ(run({"diff", "main", "main", "--exit-code"}).code, 0);
  EXPECT_THAT(run({"diff", "main", "ort-1.24", "--markdown"}).out,
              HasSubstr("| `onnxruntime` | version | 1.23.2 | 1.24.2 |\n"));
  const CallResult unknown = run({"diff", "main", "onnxruntime/ort-1.42"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("onnxruntime has no branch 'ort-1.42' (did you mean"));
}

TEST_F(BranchCommands, ImportExitsAsCheckDoes) {
  const fs::path pkgs = directory_.path() / "old" / ".flox" / "pkgs";
  ASSERT_TRUE(write_file(pkgs / "onnxruntime-python313-cpu-avx2.nix", "{ pname = \"x\"; }"));
  const CallResult result = run({"import", "old", "--branch", "ort-1.24"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, StartsWith("1 recipe in "));
  EXPECT_THAT(result.out, HasSubstr("\n  name: the package calls itself x (1 recipe)\n"
                                    "      onnxruntime-python313-cpu-avx2\n"));
  EXPECT_EQ(Json::parse(run({"import", "old", "--branch", "ort-1.24", "--json"}).out).at("branch"),
            "ort-1.24");
  EXPECT_EQ(run({"import", "nothing"}).code, 2);
  EXPECT_EQ(run({"import", "old", "--product", "simdkernels"}).code, 2) << "none of its names";
}

TEST_F(BranchCommands, CompletionKnowsTheBranches) {
  const std::string branches = run({"completion", "--branches"}).out;
  EXPECT_THAT(branches, HasSubstr("ort-1.24\n"));
  EXPECT_THAT(branches, HasSubstr("simdkernels/1.0\n"));
  for (const char* shell : {"bash", "zsh", "fish"})
    EXPECT_THAT(run({"completion", shell}).out, HasSubstr("ortforge completion --branches"));
}

}  // namespace
}  // namespace ortforge

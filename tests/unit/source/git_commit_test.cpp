#include "ortforge/source/git_commit.hpp"

#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/late_git.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A repository made by git itself. libgit2 sees no configuration but its own.
class GitCommitTest : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_NEEDS(has_program("git"), "git");
    ASSERT_TRUE(libgit2.open());
    git_libgit2_init();
    for (const git_config_level_t level : kLevels)
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "/nonexistent");
    fs::create_directories(work_);
    git({"init", "-q"});
    git({"config", "user.name", "An Author"});
    git({"config", "user.email", "author@example.org"});
  }
  void TearDown() override {
    if (!has_program("git")) return;
    for (const git_config_level_t level : kLevels) git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, nullptr);
    git_libgit2_shutdown();
  }

  std::string git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-c", "init.defaultBranch=main"});
    const auto captured = run_captured({arguments,
                                        {{"PATH", own_environment()["PATH"]},
                                         {"HOME", directory_.path().string()},
                                         {"GIT_CONFIG_NOSYSTEM", "1"}},
                                        work_});
    EXPECT_TRUE(captured && captured->outcome.success())
        << (captured ? captured->output : captured.error().message);
    return captured ? trim(captured->output) : "";
  }

  static constexpr git_config_level_t kLevels[] = {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL,
                                                   GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA};
  TemporaryDirectory directory_;
  fs::path work_ = directory_.path() / "work";
  std::map<std::string, std::string> files_{{"README.md", "one\n"}, {".flox/pkgs/a.nix", "{ }\n"}};
};

TEST_F(GitCommitTest, MakesABranchWithoutTouchingTheWorkTree) {
  ASSERT_TRUE(write_file(work_ / "mine", "changed"));
  const auto made = commit_files(work_, "recipes", files_, "Recipes\n");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->made);
  EXPECT_EQ(made->commit, git({"rev-parse", "recipes"}));
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", "recipes"}), ".flox/pkgs/a.nix\nREADME.md");
  EXPECT_EQ(git({"show", "recipes:.flox/pkgs/a.nix"}), "{ }");
  EXPECT_EQ(git({"log", "--format=%an <%ae> %cn %s", "recipes"}),
            "An Author <author@example.org> An Author Recipes");
  EXPECT_EQ(git({"status", "--porcelain"}), "?? mine") << "neither files nor index changed";
  EXPECT_FALSE(fs::exists(work_ / "README.md"));
}

TEST_F(GitCommitTest, GoesOnFromTheTip) {
  const auto first = commit_files(work_, "recipes", files_, "one");
  ASSERT_TRUE(first);
  files_.erase("README.md");
  files_["flake.nix"] = "2";
  fs::create_directories(work_ / "below");
  const auto second = commit_files(work_ / "below", "recipes", files_, "two");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(git({"rev-parse", "recipes^"}), first->commit);
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", "recipes"}), ".flox/pkgs/a.nix\nflake.nix");
}

TEST_F(GitCommitTest, CommitsNothingWhenNothingChanged) {
  const auto first = commit_files(work_, "recipes", files_, "one");
  ASSERT_TRUE(first);
  const auto second = commit_files(work_, "recipes", files_, "two");
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, (GitCommitted{"recipes", first->commit, false}));
  EXPECT_EQ(git({"rev-list", "--count", "recipes"}), "1");
}

TEST_F(GitCommitTest, RefusesABranchThatIsCheckedOut) {
  const auto unborn = commit_files(work_, "main", files_, "x");
  ASSERT_FALSE(unborn);
  EXPECT_EQ(unborn.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(unborn.error().message, HasSubstr("the branch main is checked out"));
  ASSERT_TRUE(commit_files(work_, "recipes", files_, "one"));
  git({"checkout", "-q", "recipes"});
  files_["b"] = "b";
  EXPECT_THAT(commit_files(work_, "recipes", files_, "x").error().message, HasSubstr("is checked out"));
  git({"checkout", "-q", "--detach"});
  git({"worktree", "add", "-q", "../other", "recipes"});
  EXPECT_THAT(commit_files(work_, "recipes", files_, "x").error().message, HasSubstr("is checked out"));
}

TEST_F(GitCommitTest, SaysWhatIsMissing) {
  EXPECT_EQ(commit_files(work_, "a b", files_, "x").error().message, "'a b' is no name for a git branch");
  EXPECT_EQ(commit_files(work_, "recipes", {}, "x").error().message,
            "there are no files to commit on recipes");
  const TemporaryDirectory elsewhere;
  const auto none = commit_files(elsewhere.path(), "recipes", files_, "x");
  EXPECT_EQ(none.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(none.error().message, elsewhere.path().string() + ": there is no git repository here or above");
  git({"config", "--unset", "user.name"});
  const auto nobody = commit_files(work_, "recipes", files_, "x");
  EXPECT_EQ(nobody.error().kind, ErrorKind::missing);
  EXPECT_EQ(nobody.error().message, "git's configuration names no author: user.name and user.email");
  EXPECT_EQ(nobody.error().hint, "git config user.name NAME; git config user.email ADDRESS");
}

}  // namespace
}  // namespace ortforge

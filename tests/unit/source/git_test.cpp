#include "ortforge/source/git.hpp"

#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Repositories made by git itself, in a folder, without the user's configuration.
class GitTreeTest : public testing::Test {
 protected:
  std::string git(const fs::path& directory, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"git", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"});
    const std::map<std::string, std::string> variables = {
        {"PATH", own_environment()["PATH"]}, {"HOME", directory_.path().string()},
        {"GIT_CONFIG_NOSYSTEM", "1"},        {"GIT_AUTHOR_NAME", "a"},
        {"GIT_AUTHOR_EMAIL", "a@b"},         {"GIT_COMMITTER_NAME", "a"},
        {"GIT_COMMITTER_EMAIL", "a@b"}};
    const auto captured = run_captured({arguments, variables, directory});
    EXPECT_TRUE(captured && captured->outcome.success())
        << (captured ? captured->output : captured.error().message);
    return captured ? trim(captured->output) : "";
  }

  fs::path repository(const std::string& name) {
    const fs::path path = directory_.path() / name;
    fs::create_directories(path);
    git(path, {"init", "-q"});
    return path;
  }

  std::string commit(const fs::path& path, const std::string& file, const std::string& content,
                     bool executable = false) {
    EXPECT_TRUE(write_file(path / file, content, executable));
    git(path, {"add", "-A"});
    git(path, {"commit", "-q", "-m", "change " + file});
    return git(path, {"rev-parse", "HEAD"});
  }

  static std::string address(const fs::path& path) { return "file://" + path.string(); }

  TemporaryDirectory directory_;
  fs::path tree_ = directory_.path() / "tree";
  GitOptions options_;
};

TEST_F(GitTreeTest, ExportsTagsAnnotatedOrNotAndCommits) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path work = repository("work");
  const std::string first = commit(work, "run", "#!/bin/sh\n", true);
  git(work, {"tag", "-a", "-m", "first", "v1"});
  const std::string second = commit(work, "dir/b", "b");
  git(work, {"tag", "v2"});
  commit(work, "later", "x");
  git(directory_.path(), {"clone", "-q", "--bare", "work", "bare.git"});
  std::uint64_t seen = 0;
  options_.progress = [&](std::uint64_t bytes, std::uint64_t) { seen = bytes; };
  const std::string url = address(directory_.path() / "bare.git");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"v1", first}, {"v2", second}, {first, first}, {second, second}};
  for (const auto& [revision, expected] : cases) {
    ASSERT_TRUE(remove_tree(tree_));
    const auto tree = export_git_tree(url, revision, tree_, options_);
    ASSERT_TRUE(tree) << tree.error().message;
    EXPECT_EQ(tree->commit, expected);
    EXPECT_GT(tree->bytes, 0U);
    EXPECT_EQ(tree->bytes, seen);
    EXPECT_EQ(fs::exists(tree_ / "dir/b"), expected == second);
    EXPECT_FALSE(fs::exists(tree_ / ".git"));
    EXPECT_FALSE(fs::exists(tree_ / "later"));
    git(work, {"checkout", "-q", expected});
    EXPECT_EQ(*nar_digest(tree_), *nar_digest(work, ".git"));
  }
}

TEST_F(GitTreeTest, FillsSubmodulesRecursively) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path inner = repository("inner");
  commit(inner, "deep", "deep");
  const fs::path middle = repository("middle");
  commit(middle, "m", "m");
  git(middle, {"submodule", "add", "-q", "../inner", "lib/inner"});
  git(middle, {"commit", "-q", "-m", "inner"});
  const fs::path outer = repository("outer");
  commit(outer, "o", "o");
  git(outer, {"submodule", "add", "-q", address(middle), "third/middle"});
  git(outer, {"commit", "-q", "-m", "middle"});
  git(outer, {"tag", "v1"});
  commit(middle, "m", "newer than what outer names");
  options_.submodules = true;
  const auto tree = export_git_tree(address(outer), "v1", tree_, options_);
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(*read_file(tree_ / "third/middle/m"), "m");
  EXPECT_EQ(*read_file(tree_ / "third/middle/lib/inner/deep"), "deep");
  EXPECT_FALSE(fs::exists(tree_ / "third/middle/.git"));
  ASSERT_TRUE(remove_tree(tree_));
  options_.submodules = false;
  ASSERT_TRUE(export_git_tree(address(outer), "v1", tree_, options_));
  EXPECT_TRUE(fs::is_empty(tree_ / "third/middle"));
}

TEST_F(GitTreeTest, HonoursTheRepositorysLineEndings) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path work = repository("work");
  commit(work, "z/.gitattributes", "*.bat text eol=crlf\n");
  commit(work, "z/.a.bat", "one\ntwo\n");
  commit(work, "z/b.txt", "one\ntwo\n");
  git(work, {"tag", "v1"});
  const auto tree = export_git_tree(address(work), "v1", tree_, options_);
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(*read_file(tree_ / "z/.a.bat"), "one\r\ntwo\r\n");
  EXPECT_EQ(*read_file(tree_ / "z/b.txt"), "one\ntwo\n");
}

TEST_F(GitTreeTest, NamesNearTags) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path work = repository("work");
  commit(work, "a", "a");
  git(work, {"tag", "v1.21.0"});
  const auto tag = export_git_tree(address(work), "v1.21", tree_, options_);
  ASSERT_FALSE(tag);
  EXPECT_EQ(tag.error().kind, ErrorKind::missing);
  EXPECT_EQ(tag.error().message, address(work) + ": no tag 'v1.21' (did you mean 'v1.21.0'?)");
  ASSERT_TRUE(remove_tree(tree_));
  const auto commit = export_git_tree(address(work), std::string(40, 'a'), tree_, options_);
  ASSERT_FALSE(commit);
  EXPECT_THAT(commit.error().message, HasSubstr("is on no branch and no tag"));
}

TEST_F(GitTreeTest, SaysWhatIsMissing) {
  const auto tree = export_git_tree(address(directory_.path() / "absent"), "v1", tree_, options_);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::missing);
  EXPECT_THAT(tree.error().message, HasSubstr("absent"));
}

TEST_F(GitTreeTest, RefusesLinksThatLeave) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path work = repository("work");
  fs::create_symlink("../../etc/passwd", work / "out");
  commit(work, "a", "a");
  git(work, {"tag", "v1"});
  const auto tree = export_git_tree(address(work), "v1", tree_, options_);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(tree.error().message, "link out leaves the tree: ../../etc/passwd");
}

TEST_F(GitTreeTest, StopsWhenAsked) {
  ORTFORGE_NEEDS(has_program("git"), "git");
  const fs::path work = repository("work");
  commit(work, "a", "a");
  git(work, {"tag", "v1"});
  Interrupt interrupt;
  options_.interrupt = &interrupt;
  options_.progress = [&](std::uint64_t, std::uint64_t) { interrupt.request(); };
  const auto tree = export_git_tree(address(work), "v1", tree_, options_);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace ortforge

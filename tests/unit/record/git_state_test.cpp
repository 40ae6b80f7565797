#include "ortforge/record/git_state.hpp"

#include <array>

#include "support/temporary_directory.hpp"
#include <git2.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// A repository with matrix/a.json committed, made through libgit2; the user's git settings are left out.
class GitStateTest : public testing::Test {
 protected:
  void SetUp() override {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "/nonexistent");
    }
    fs::create_directories(matrix_);
  }
  void TearDown() override {
    git_repository_free(repository_);
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, nullptr);
    }
    git_libgit2_shutdown();
  }
  void init() { ASSERT_EQ(git_repository_init(&repository_, root_.c_str(), 0), 0); }
  void stage(const std::string& path) {
    git_index* index = nullptr;
    ASSERT_EQ(git_repository_index(&index, repository_), 0);
    EXPECT_EQ(git_index_add_bypath(index, path.c_str()), 0);
    EXPECT_EQ(git_index_write(index), 0);
    git_index_free(index);
  }
  // Commits matrix/a.json and .gitignore; gives the commit.
  std::string commit() {
    EXPECT_TRUE(write_file(matrix_ / "a.json", "{}\n"));
    EXPECT_TRUE(write_file(root_ / ".gitignore", "/build/\n*.tmp\n"));
    stage("matrix/a.json");
    stage(".gitignore");
    git_index* index = nullptr;
    git_oid tree_id;
    EXPECT_EQ(git_repository_index(&index, repository_), 0);
    EXPECT_EQ(git_index_write_tree(&tree_id, index), 0);
    git_index_free(index);
    git_tree* tree = nullptr;
    EXPECT_EQ(git_tree_lookup(&tree, repository_, &tree_id), 0);
    git_signature* author = nullptr;
    EXPECT_EQ(git_signature_new(&author, "A", "a@example.com", 1700000000, 0), 0);
    git_oid id;
    EXPECT_EQ(git_commit_create(&id, repository_, "HEAD", author, author, nullptr, "Add", tree, 0, nullptr),
              0);
    git_signature_free(author);
    git_tree_free(tree);
    std::array<char, GIT_OID_HEXSZ + 1> text{};
    return git_oid_tostr(text.data(), text.size(), &id);
  }

  TemporaryDirectory directory_;
  fs::path root_ = directory_.path() / "checkout";
  fs::path matrix_ = root_ / "matrix";
  git_repository* repository_ = nullptr;
};

TEST_F(GitStateTest, NoRepositoryNoFolder) {
  EXPECT_EQ(git_state(matrix_), std::nullopt);
  EXPECT_EQ(git_state(root_ / "absent"), std::nullopt);
}

TEST_F(GitStateTest, ARepositoryWithoutACommit) {
  init();
  EXPECT_EQ(git_state(matrix_), (GitState{"", true, ""}));
  ASSERT_TRUE(write_file(matrix_ / "a.json", "{}\n"));
  EXPECT_EQ(git_state(matrix_), (GitState{"", false, ""}));
}

TEST_F(GitStateTest, OnlyChangesBelowTheFolderCount) {
  init();
  const std::string id = commit();
  const GitState clean{id, true, ""};
  const GitState dirty{id, false, ""};
  EXPECT_EQ(git_state(matrix_), clean);
  EXPECT_EQ(git_state(root_), clean);

  ASSERT_TRUE(write_file(root_ / "notes.txt", "elsewhere"));
  ASSERT_TRUE(write_file(root_ / "matrix-old" / "a.json", "a name that only begins like it"));
  ASSERT_TRUE(write_file(matrix_ / "editor.tmp", "ignored"));
  EXPECT_EQ(git_state(matrix_), clean);
  EXPECT_EQ(git_state(root_), dirty);

  ASSERT_TRUE(write_file(matrix_ / "new.json", "untracked"));
  EXPECT_EQ(git_state(matrix_), dirty);
  stage("matrix/new.json");
  EXPECT_EQ(git_state(matrix_), dirty);
}

TEST_F(GitStateTest, EditedAndRemovedFilesCount) {
  init();
  const std::string id = commit();
  ASSERT_TRUE(write_file(matrix_ / "a.json", "{\"edited\": true}\n"));
  EXPECT_EQ(git_state(matrix_), (GitState{id, false, ""}));
  fs::remove(matrix_ / "a.json");
  EXPECT_EQ(git_state(matrix_), (GitState{id, false, ""}));
}

TEST_F(GitStateTest, AFolderWithPatternCharactersIsTakenLiterally) {
  init();
  const std::string id = commit();
  fs::create_directories(root_ / "m*");
  EXPECT_EQ(git_state(root_ / "m*"), (GitState{id, true, ""}));
  ASSERT_TRUE(write_file(matrix_ / "a.json", "changed"));
  EXPECT_EQ(git_state(root_ / "m*"), (GitState{id, true, ""}));
}

TEST_F(GitStateTest, AnIgnoredFolderIsNotInTheRepository) {
  init();
  commit();
  fs::create_directories(root_ / "build" / "matrix");
  EXPECT_EQ(git_state(root_ / "build" / "matrix"), std::nullopt);
}

TEST_F(GitStateTest, ALinkToTheFolderIsFollowed) {
  init();
  const std::string id = commit();
  fs::create_directory_symlink(matrix_, directory_.path() / "link");
  EXPECT_EQ(git_state(directory_.path() / "link"), (GitState{id, true, ""}));
}

TEST_F(GitStateTest, ARepositoryOfAnotherUserIsUnknown) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder to another user";
  init();
  commit();
  ASSERT_EQ(::chown(root_.c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chown((root_ / ".git").c_str(), 65534, 65534), 0);
  EXPECT_EQ(
      git_state(matrix_),
      (GitState{"", false, "its git repository belongs to another user and is not in git's safe.directory"}));
}

TEST_F(GitStateTest, ADamagedRepositoryIsUnknown) {
  init();
  commit();
  ASSERT_TRUE(write_file(root_ / ".git" / "config", "[core\n"));
  const auto state = git_state(matrix_);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->unknown.starts_with("its git repository cannot be read: ")) << state->unknown;
}

}  // namespace
}  // namespace ortforge

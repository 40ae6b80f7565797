#include "ortforge/base/file.hpp"

#include <fstream>
#include <vector>

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

namespace fs = std::filesystem;

TEST(File, WritesWholeFilesAndMakesParents) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "a" / "b" / "file";
  ASSERT_TRUE(write_file(file, "one"));
  ASSERT_TRUE(write_file(file, "two", true));
  EXPECT_EQ(read_file(file).value(), "two");
  EXPECT_NE(fs::status(file).permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()), 1)
      << "no temporary stays";
}

TEST(File, AFailedWriteKeepsTheOldContent) {
  const TemporaryDirectory directory;
  const fs::path target = directory.path() / "taken";
  fs::create_directories(target / "child");
  EXPECT_EQ(write_file(target, "x").error().kind, ErrorKind::missing);
  EXPECT_TRUE(fs::exists(target / "child"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()), 1);
}

TEST(File, ReadErrorsNameTheFile) {
  EXPECT_EQ(read_file("/absent/file").error().message,
            "/absent/file: cannot be read: No such file or directory");
}

TEST(File, RemovesTreesWithReadOnlyFolders) {
  const TemporaryDirectory directory;
  const fs::path tree = directory.path() / "tree";
  fs::create_directories(tree / "locked");
  std::ofstream(tree / "locked" / "file") << "x";
  fs::permissions(tree / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  ASSERT_TRUE(remove_tree(tree));
  EXPECT_FALSE(fs::exists(tree));
  EXPECT_TRUE(remove_tree(tree)) << "absent is fine";
}

TEST(File, CopiesTreesByHardLink) {
  const TemporaryDirectory directory;
  const fs::path tree = directory.path() / "tree";
  fs::create_directories(tree / "sub");
  std::ofstream(tree / "sub" / "file") << "12345";
  fs::create_symlink("sub/file", tree / "link");
  ASSERT_TRUE(copy_tree(tree, directory.path() / "copy", true));
  EXPECT_EQ(fs::hard_link_count(directory.path() / "copy" / "sub" / "file"), 2U);
  EXPECT_TRUE(fs::is_symlink(directory.path() / "copy" / "link"));
  EXPECT_EQ(tree_bytes(directory.path()).value(), 5U) << "a file with two names counts once";
}

TEST(File, EachNameOfAFileIsToldWithItsIdentity) {
  const TemporaryDirectory directory;
  const fs::path tree = directory.path() / "tree";
  ASSERT_TRUE(write_file(tree / "sub" / "file", "12345"));
  fs::create_hard_link(tree / "sub" / "file", tree / "name");
  fs::create_symlink("name", tree / "link");
  std::vector<FileId> files;
  const auto add = [&](const FileId& file, std::uint64_t bytes) {
    files.push_back(file);
    EXPECT_EQ(bytes, 5U);
  };
  ASSERT_TRUE(each_file(tree, add));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0], files[1]);
  ASSERT_TRUE(each_file(tree / "name", add));
  EXPECT_EQ(files.back(), files.front());
  ASSERT_TRUE(each_file(tree / "absent", add));
  EXPECT_EQ(files.size(), 3U);
}

TEST(File, LocksExclude) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "lock";
  auto first = FileLock::try_acquire(file);
  ASSERT_TRUE(first && *first);
  EXPECT_FALSE(FileLock::try_acquire(file).value());
  first->reset();
  EXPECT_TRUE(FileLock::try_acquire(file).value());
}

TEST(File, FreeSpaceOfAFolderThatIsNotThereYet) {
  const TemporaryDirectory directory;
  EXPECT_GT(free_bytes(directory.path() / "not" / "yet").value(), 0U);
}

}  // namespace
}  // namespace ortforge

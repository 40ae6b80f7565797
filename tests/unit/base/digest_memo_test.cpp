#include "ortforge/base/digest_memo.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/temporary_directory.hpp"
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

std::int64_t ten_seconds_from_now() {
  const auto later = std::chrono::system_clock::now() + std::chrono::seconds(10);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(later.time_since_epoch()).count();
}

// A folder whose files were changed ten seconds ago, as the memo's clock has it.
class DigestMemoTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(folder() / "one.c", "int one;\n"));
    ASSERT_TRUE(write_file(folder() / "sub" / "two.c", "int two;\n"));
    ASSERT_TRUE(write_file(folder() / ".git" / "HEAD", "ref: refs/heads/main\n"));
    ASSERT_EQ(remembered(), read());
    ASSERT_EQ(memo_.readings(), 1U);
    // Longer than a tick of the kernel's clock for files: what changes now has another time.
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }

  fs::path folder() const { return directory_.path() / "folder"; }
  Digest remembered() { return memo_.digest(folder(), ".git").value(); }
  Digest read() const { return nar_digest(folder(), ".git").value(); }

  // The digest is that of the folder as it is, and is remembered again.
  void expect_new_reading() {
    EXPECT_EQ(remembered(), read());
    EXPECT_EQ(memo_.readings(), 2U);
    EXPECT_EQ(remembered(), read());
    EXPECT_EQ(memo_.readings(), 2U);
  }

  TemporaryDirectory directory_;
  DigestMemo memo_{ten_seconds_from_now};
};

TEST_F(DigestMemoTest, ReadsOnceWhatDoesNotChange) {
  EXPECT_EQ(remembered(), read());
  EXPECT_EQ(memo_.readings(), 1U);
}

TEST_F(DigestMemoTest, KeepsTheDigestWithAHiddenNameApart) {
  EXPECT_EQ(memo_.digest(folder()).value(), nar_digest(folder()).value());
  EXPECT_EQ(memo_.readings(), 2U);
  EXPECT_NE(memo_.digest(folder()).value(), remembered());
  EXPECT_EQ(memo_.readings(), 2U);
}

TEST_F(DigestMemoTest, DoesNotLookAtAHiddenName) {
  ASSERT_TRUE(write_file(folder() / ".git" / "HEAD", "other\n"));
  EXPECT_EQ(remembered(), read());
  EXPECT_EQ(memo_.readings(), 1U);
}

TEST_F(DigestMemoTest, NoticesOtherContentOfTheSameSizeAndTime) {
  const fs::path file = folder() / "sub" / "two.c";
  struct stat before {};
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  std::ofstream(file, std::ios::in | std::ios::out | std::ios::binary) << "int six;\n";
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  struct stat after {};
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  ASSERT_EQ(after.st_size, before.st_size);
  ASSERT_EQ(after.st_ino, before.st_ino);
  ASSERT_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
  expect_new_reading();
}

TEST_F(DigestMemoTest, NoticesAFileThatIsAdded) {
  ASSERT_TRUE(write_file(folder() / "sub" / "three.c", ""));
  expect_new_reading();
}

TEST_F(DigestMemoTest, NoticesAFileThatIsRemoved) {
  fs::remove(folder() / "sub" / "two.c");
  expect_new_reading();
}

TEST_F(DigestMemoTest, NoticesAnotherMode) {
  ASSERT_EQ(::chmod((folder() / "one.c").c_str(), 0755), 0);
  expect_new_reading();
}

TEST_F(DigestMemoTest, NoticesALinkThatLeadsElsewhere) {
  fs::create_symlink("one.c", folder() / "link");
  expect_new_reading();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  fs::remove(folder() / "link");
  fs::create_symlink("two.c", folder() / "link");
  EXPECT_EQ(remembered(), read());
  EXPECT_EQ(memo_.readings(), 3U);
}

TEST_F(DigestMemoTest, ReadsAgainWhatWasChangedAMomentAgo) {
  DigestMemo memo;
  EXPECT_EQ(memo.digest(folder(), ".git").value(), read());
  EXPECT_EQ(memo.digest(folder(), ".git").value(), read());
  EXPECT_EQ(memo.readings(), 2U);
}

TEST_F(DigestMemoTest, IsTakenOverByAnotherProcess) {
  const fs::path file = directory_.path() / "memo.json";
  ASSERT_TRUE(memo_.save(file));
  DigestMemo other(ten_seconds_from_now);
  other.load(file);
  EXPECT_EQ(other.digest(folder(), ".git").value(), read());
  EXPECT_EQ(other.readings(), 0U);
  ASSERT_TRUE(write_file(folder() / "one.c", "int six;\n"));
  EXPECT_EQ(other.digest(folder(), ".git").value(), read());
  EXPECT_EQ(other.readings(), 1U);
}

TEST_F(DigestMemoTest, TakesNothingFromAFileInAnotherForm) {
  const fs::path file = directory_.path() / "memo.json";
  DigestMemo other(ten_seconds_from_now);
  other.load(file);
  for (const char* text :
       {"", "{}", R"({"format": 2, "folders": []})", R"({"format": 1, "folders": [{}]})"}) {
    ASSERT_TRUE(write_file(file, text));
    other.load(file);
  }
  EXPECT_EQ(other.digest(folder(), ".git").value(), read());
  EXPECT_EQ(other.readings(), 1U);
}

TEST_F(DigestMemoTest, RemembersNoError) {
  const fs::path late = directory_.path() / "late";
  const auto absent = memo_.digest(late);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message, nar_digest(late).error().message);
  ASSERT_TRUE(write_file(late / "file", "x"));
  EXPECT_EQ(memo_.digest(late).value(), nar_digest(late).value());
}

}  // namespace
}  // namespace ortforge

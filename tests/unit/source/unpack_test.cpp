#include "ortforge/source/unpack.hpp"

#include "support/archive_maker.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Unpack : public testing::Test {
 protected:
  Result<void> unpack(const std::vector<ArchiveMember>& members, const std::string& name = "a.tar.gz") {
    make_archive(directory_.path() / name, members);
    return unpack_archive(directory_.path() / name, tree_, options_);
  }

  // Unpacks what must be refused and checks that nothing appeared outside the target.
  std::string refusal(const std::vector<ArchiveMember>& members) {
    const auto unpacked = unpack(members);
    EXPECT_FALSE(unpacked) << "was unpacked";
    EXPECT_FALSE(fs::exists(directory_.path() / "evil"));
    EXPECT_FALSE(fs::exists("/tmp/ortforge-evil"));
    if (unpacked) return {};
    EXPECT_EQ(unpacked.error().kind, ErrorKind::bad_input);
    return unpacked.error().message;
  }

  TemporaryDirectory directory_;
  fs::path tree_ = directory_.path() / "tree";
  UnpackOptions options_;
};

TEST_F(Unpack, StripsTheSingleTopFolderAndKeepsExecuteBits) {
  ASSERT_TRUE(unpack({{"top/", ArchiveMember::Kind::folder, "", 0500},
                      a_file("top/run", "#!/bin/sh\n", 0744),
                      a_file("./top//text", "words", 0666),
                      a_link("top/link", "text")}));
  EXPECT_EQ(*read_file(tree_ / "text"), "words");
  EXPECT_EQ(fs::read_symlink(tree_ / "link"), "text");
  EXPECT_TRUE(is_executable(tree_ / "run"));
  EXPECT_FALSE(is_executable(tree_ / "text"));
  EXPECT_EQ(fs::status(tree_ / "text").permissions(), fs::perms(0644));
  EXPECT_FALSE(fs::exists(directory_.path() / "tree.unpacking"));
}

TEST_F(Unpack, KeepsTheTopWhenThereIsMoreOrWhenTold) {
  ASSERT_TRUE(unpack({a_file("one/a", "a"), a_file("two", "b")}));
  EXPECT_EQ(*read_file(tree_ / "one/a"), "a");
  ASSERT_TRUE(remove_tree(tree_));
  options_.strip_top_folder = false;
  ASSERT_TRUE(unpack({a_file("one/a", "a")}, "a.whl"));
  EXPECT_EQ(*read_file(tree_ / "one/a"), "a");
}

TEST_F(Unpack, ReadsXzAndZip) {
  ASSERT_TRUE(unpack({a_file("t/a", "from xz")}, "a.tar.xz"));
  EXPECT_EQ(*read_file(tree_ / "a"), "from xz");
  ASSERT_TRUE(remove_tree(tree_));
  ASSERT_TRUE(unpack({a_file("t/a", "from zip", 0755)}, "a.zip"));
  EXPECT_EQ(*read_file(tree_ / "a"), "from zip");
  EXPECT_TRUE(is_executable(tree_ / "a"));
}

TEST_F(Unpack, KeepsNamesOutsideAscii) {
  ASSERT_TRUE(unpack({a_file("t/gr\xc3\xbc\xc3\x9f"
                             "e.txt",
                             "hello"),
                      a_file("t/b", "")}));
  EXPECT_EQ(*read_file(tree_ / "gr\xc3\xbc\xc3\x9f"
                               "e.txt"),
            "hello");
}

TEST_F(Unpack, KeepsHardLinksInside) {
  ASSERT_TRUE(unpack({a_file("t/a", "same"), {"t/b", ArchiveMember::Kind::hard_link, "t/a", 0644}}));
  EXPECT_EQ(*read_file(tree_ / "b"), "same");
}

TEST_F(Unpack, RefusesPathsThatLeave) {
  EXPECT_EQ(refusal({a_file("t/../../evil", "x")}), "path that leaves the tree in the archive: t/../../evil");
  EXPECT_EQ(refusal({a_file("/tmp/ortforge-evil", "x")}), "absolute path in the archive: /tmp/ortforge-evil");
}

TEST_F(Unpack, RefusesLinksThatLeave) {
  EXPECT_EQ(refusal({a_file("t/a", ""), a_link("t/out", "../../evil")}),
            "link out leaves the tree: ../../evil");
  ASSERT_TRUE(remove_tree(tree_));
  EXPECT_EQ(refusal({a_file("t/a", ""), a_link("t/out", "/etc/passwd")}),
            "link out leaves the tree: /etc/passwd");
  ASSERT_TRUE(remove_tree(tree_));
  // Inside as long as the top folder is there, outside once it is stripped.
  EXPECT_EQ(refusal({a_file("t/a", ""), a_link("t/out", "../t/a")}), "link out leaves the tree: ../t/a");
}

TEST_F(Unpack, RefusesLinksThatLeaveByWayOfOtherLinks) {
  const std::string message = refusal(
      {a_file("t/a", ""), a_file("t/x/y/b", ""), a_link("t/x/y/up", "../.."), a_link("t/x/y/out", "up/..")});
  EXPECT_EQ(message, "link x/y/out leaves the tree: up/..");
}

TEST_F(Unpack, NeverWritesThroughALink) {
  const fs::path outside = directory_.path() / "outside";
  fs::create_directory(outside);
  const auto unpacked = unpack({a_link("t/way", outside.string()), a_file("t/way/evil", "x")});
  ASSERT_FALSE(unpacked);
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(Unpack, RefusesHardLinksThatLeave) {
  EXPECT_THAT(refusal({{"t/b", ArchiveMember::Kind::hard_link, "../evil", 0644}}),
              HasSubstr("leaves the tree"));
  EXPECT_THAT(refusal({{"t/b", ArchiveMember::Kind::hard_link, "/etc/passwd", 0644}}),
              HasSubstr("absolute path"));
}

TEST_F(Unpack, RefusesDevices) {
  EXPECT_EQ(refusal({{"t/null", ArchiveMember::Kind::device, "", 0666}}),
            "device, pipe or socket in the archive: t/null");
}

TEST_F(Unpack, RefusesWhatIsDamagedOrNoArchive) {
  make_archive(directory_.path() / "whole.tar.gz", {a_file("t/a", std::string(200000, 'x'))});
  const std::string whole = *read_file(directory_.path() / "whole.tar.gz");
  ASSERT_TRUE(write_file(directory_.path() / "a.tar.gz", whole.substr(0, whole.size() / 2)));
  auto unpacked = unpack_archive(directory_.path() / "a.tar.gz", tree_, options_);
  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(unpacked.error().message, HasSubstr("a.tar.gz: damaged or cut short"));
  ASSERT_TRUE(write_file(directory_.path() / "page.tar.gz", "<html>please log in</html>"));
  unpacked = unpack_archive(directory_.path() / "page.tar.gz", tree_, options_);
  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().kind, ErrorKind::bad_input);
}

TEST_F(Unpack, TakesNoMoreThanItIsToldThatThereIs) {
  const std::vector<ArchiveMember> members{a_file("t/a", std::string(600, 'x')),
                                           {"t/b", ArchiveMember::Kind::hard_link, "t/a", 0644},
                                           a_file("t/c", "y")};
  const auto outcome = [&](ArchiveContent most) {
    options_.most = most;
    const auto unpacked = unpack(members);
    EXPECT_EQ(fs::exists(tree_), unpacked.has_value());
    EXPECT_TRUE(remove_tree(tree_));
    EXPECT_TRUE(remove_tree(tree_.string() + ".unpacking"));
    return unpacked ? "unpacked" : unpacked.error().message;
  };
  EXPECT_EQ(outcome({3, 601}), "unpacked") << "the hard link takes no room";
  EXPECT_EQ(outcome({3, 600}), "a.tar.gz: larger than it says: more than 600 bytes in it");
  EXPECT_EQ(outcome({2, 601}), "a.tar.gz: larger than it says: more than 2 members in it");
}

TEST_F(Unpack, WritesNothingOfAFileThatSaysItIsTooLarge) {
  options_.most = ArchiveContent{10, 1U << 20U};
  const auto unpacked = unpack({a_file("t/small", "x"), a_file("t/large", std::string(8U << 20U, 'x'))});
  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().kind, ErrorKind::bad_input);
  EXPECT_TRUE(fs::exists(directory_.path() / "tree.unpacking" / "t" / "small"));
  EXPECT_FALSE(fs::exists(directory_.path() / "tree.unpacking" / "t" / "large"));
}

TEST_F(Unpack, StopsWhenAsked) {
  Interrupt interrupt;
  interrupt.request();
  options_.interrupt = &interrupt;
  const auto unpacked = unpack({a_file("t/a", "x")});
  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace ortforge

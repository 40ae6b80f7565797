#include "ortforge/base/digest.hpp"

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

TEST(Digest, SpellsHexAndSri) {
  // FIPS 180-4 example: SHA-256 of "abc".
  const Digest digest = sha256("abc");
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest.sri(), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(parse_digest(digest.hex()).value(), digest);
  EXPECT_EQ(parse_digest(digest.sri()).value(), digest);
  EXPECT_EQ(parse_digest("sha256:" + digest.hex()).value(), digest);
}

TEST(Digest, RefusesWhatIsNoDigest) {
  for (const char* text : {"", "sha256-", "sha256-AAAA", "sha1-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
                           "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1=", "ba7816"}) {
    const auto result = parse_digest(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::bad_input);
  }
  EXPECT_EQ(
      parse_digest("ba7816").error().message,
      "'ba7816' is no SHA-256 digest: expected 'sha256-' and 44 base64 characters, or 64 hexadecimal digits");
}

TEST(Digest, HashesFilesInPieces) {
  const TemporaryDirectory directory;
  const std::string content((1U << 20U) + 17, 'x');
  std::ofstream(directory.path() / "file") << content;
  EXPECT_EQ(sha256_file(directory.path() / "file").value(), sha256(content));
  EXPECT_EQ(sha256_file(directory.path() / "absent").error().kind, ErrorKind::missing);
}

TEST(Digest, ReadingStopsWhenAsked) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "content";
  const auto stop = [] { return true; };
  EXPECT_EQ(sha256_file(directory.path() / "file", stop).error().kind, ErrorKind::interrupted);
  EXPECT_EQ(nar_digest(directory.path(), {}, stop).error().kind, ErrorKind::interrupted);
}

TEST(Digest, NarCountsContentNamesExecuteBitAndLinks) {
  const TemporaryDirectory directory;
  namespace fs = std::filesystem;
  const fs::path tree = directory.path() / "tree";
  fs::create_directories(tree / "sub");
  std::ofstream(tree / "sub" / "a") << "content";
  const Digest first = nar_digest(tree).value();
  fs::last_write_time(tree / "sub" / "a", fs::file_time_type::clock::now() + std::chrono::hours(5));
  EXPECT_EQ(nar_digest(tree).value(), first) << "times must not count";
  fs::permissions(tree / "sub" / "a", fs::perms::owner_exec, fs::perm_options::add);
  const Digest executable = nar_digest(tree).value();
  EXPECT_NE(executable, first);
  fs::create_symlink("sub/a", tree / "link");
  const Digest linked = nar_digest(tree).value();
  EXPECT_NE(linked, executable);
  fs::rename(tree / "sub" / "a", tree / "sub" / "b");
  EXPECT_NE(nar_digest(tree).value(), linked);
}

}  // namespace
}  // namespace ortforge

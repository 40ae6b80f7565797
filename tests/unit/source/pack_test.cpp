#include "ortforge/source/pack.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class PackTest : public testing::Test {
 protected:
  PackTest() {
    EXPECT_TRUE(write_file(folder_ / "run.sh", "#!/bin/sh\n", true));
    EXPECT_TRUE(write_file(folder_ / "lib/libdemo.so.1", std::string(3U << 20U, 'x')));
    fs::create_symlink("libdemo.so.1", folder_ / "lib/libdemo.so");
    fs::create_directories(folder_ / "wheel");
    fs::create_hard_link(folder_ / "lib/libdemo.so.1", folder_ / "wheel/libdemo.so.1");
  }

  TemporaryDirectory directory_;
  fs::path folder_ = directory_.path() / "folder";
};

TEST_F(PackTest, GivesTheSameTreeBack) {
  for (const char* name : {"a.tar.zst", "a.tar.xz", "a.tar.gz"}) {
    const fs::path archive = directory_.path() / name;
    const auto packed = pack_folder(folder_, "top", archive);
    ASSERT_TRUE(packed) << packed.error().message;
    const fs::path target = directory_.path() / "unpacked" / name;
    ASSERT_TRUE(make_directories(target.parent_path()));
    const auto unpacked = unpack_archive(archive, target, {});
    ASSERT_TRUE(unpacked) << unpacked.error().message;
    EXPECT_EQ(nar_digest(target).value(), nar_digest(folder_).value()) << name;
    EXPECT_EQ(fs::hard_link_count(target / "wheel/libdemo.so.1"), 2U) << "packed once";
    EXPECT_LT(fs::file_size(archive), 1U << 20U);
  }
}

TEST_F(PackTest, LeavesNothingWhenItFails) {
  const auto other = pack_folder(folder_, "top", directory_.path() / "a.rar");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(other.error().message, (directory_.path() / "a.rar").string() +
                                       ": expected a name that ends with .tar.zst, .tar.xz or .tar.gz");
  Interrupt interrupt;
  interrupt.request();
  const auto stopped = pack_folder(folder_, "top", directory_.path() / "a.tar.gz", &interrupt);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(pack_folder(folder_, "top", directory_.path() / "absent/a.tar.gz").error().kind,
            ErrorKind::missing);
  for (const auto& entry : fs::directory_iterator(directory_.path())) EXPECT_EQ(entry.path(), folder_);
}

}  // namespace
}  // namespace ortforge

#include "../../../src/environment/mounts.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMounts =
    "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
    "30 22 0:5 / /home/a\\040user/environments/.tmp-x-1/root/proc rw - proc proc rw\n"
    "31 22 0:6 / /srv/back\\134slash rw - tmpfs tmpfs rw\n"
    "32 22 0:7 / /srv/data rw shared:1 - tmpfs tmpfs rw\n";

TEST(MountWithin, FindsMountsAtAndBelowAFolder) {
  EXPECT_EQ(mount_within(kMounts, "/home/a user/environments/.tmp-x-1"),
            "/home/a user/environments/.tmp-x-1/root/proc");
  EXPECT_EQ(mount_within(kMounts, "/srv/data"), "/srv/data");
  EXPECT_EQ(mount_within(kMounts, "/srv/back\\slash"), "/srv/back\\slash");
}

TEST(MountWithin, PassesOverTheOthers) {
  EXPECT_EQ(mount_within(kMounts, "/srv/dat"), std::nullopt);
  EXPECT_EQ(mount_within(kMounts, "/srv/data/below"), std::nullopt);
  EXPECT_EQ(mount_within("", "/srv"), std::nullopt);
}

TEST(RemoveUnmounted, RemovesByWayOfALinkAndWhatIsAbsent) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "real/tree/file", "x"));
  fs::create_directory_symlink("real", directory.path() / "link");
  EXPECT_TRUE(remove_unmounted(directory.path() / "link/tree"));
  EXPECT_FALSE(fs::exists(directory.path() / "real/tree"));
  EXPECT_TRUE(remove_unmounted(directory.path() / "link/tree"));
}

}  // namespace
}  // namespace ortforge

#include "ortforge/source/pack.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class Pack : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(tree_ / "bin" / "run", "#!/bin/sh\n", true));
    ASSERT_TRUE(write_file(tree_ / "lib" / "grün.so", std::string(600000, 'x')));
    fs::create_hard_link(tree_ / "lib" / "grün.so", tree_ / "lib" / "twin.so");
    fs::create_directory_symlink("lib", tree_ / "lib64");
    fs::create_directories(tree_ / "empty");
  }

  Result<Packed> pack(const std::string& name) {
    return pack_tree(tree_, directory_.path() / name, [](const std::string& path) {
      return path.empty() ? std::string("top") : "top/" + path;
    });
  }

  TemporaryDirectory directory_;
  fs::path tree_ = directory_.path() / "tree";
};

TEST_F(Pack, WhatIsUnpackedIsWhatWasPacked) {
  const auto packed = pack("a");
  ASSERT_TRUE(packed) << packed.error().message;
  EXPECT_TRUE(packed->ending == ".tar.zst" || packed->ending == ".tar.xz") << packed->ending;
  EXPECT_EQ(packed->content.members, 8U) << "the top, two folders and an empty one, three files, a link";
  EXPECT_EQ(packed->content.bytes, 600010U) << "the twins count once";
  const fs::path target = directory_.path() / "unpacked";
  UnpackOptions options;
  options.most = packed->content;
  const auto unpacked = unpack_archive(directory_.path() / "a", target, options);
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_EQ(nar_digest(target).value(), nar_digest(tree_).value());
  EXPECT_TRUE(fs::equivalent(target / "lib" / "grün.so", target / "lib" / "twin.so")) << "still one file";
}

TEST_F(Pack, TimesAndModesDoNotCount) {
  ASSERT_TRUE(pack("a"));
  fs::permissions(tree_ / "lib" / "twin.so", fs::perms::owner_read);
  fs::permissions(tree_ / "bin" / "run", fs::perms::owner_all);
  fs::last_write_time(tree_ / "bin" / "run", fs::file_time_type::clock::now() - std::chrono::hours(100));
  ASSERT_TRUE(pack("b"));
  EXPECT_EQ(sha256_file(directory_.path() / "a").value(), sha256_file(directory_.path() / "b").value());
}

TEST_F(Pack, LeavesOutWhatHasNoPlace) {
  const auto packed = pack_tree(tree_, directory_.path() / "a", [](const std::string& path) {
    return path.starts_with("bin") ? path : std::string();
  });
  ASSERT_TRUE(packed) << packed.error().message;
  UnpackOptions options;
  options.strip_top_folder = false;
  ASSERT_TRUE(unpack_archive(directory_.path() / "a", directory_.path() / "unpacked", options));
  EXPECT_TRUE(fs::exists(directory_.path() / "unpacked" / "bin" / "run"));
  EXPECT_FALSE(fs::exists(directory_.path() / "unpacked" / "lib"));
}

TEST_F(Pack, AnInterruptStopsIt) {
  Interrupt interrupt;
  interrupt.request();
  const auto packed = pack_tree(
      tree_, directory_.path() / "a", [](const std::string& path) { return path; }, &interrupt);
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().kind, ErrorKind::interrupted);
}

class PackFolder : public testing::Test {
 protected:
  PackFolder() {
    EXPECT_TRUE(write_file(folder_ / "run.sh", "#!/bin/sh\n", true));
    EXPECT_TRUE(write_file(folder_ / "lib/libdemo.so.1", std::string(3U << 20U, 'x')));
    fs::create_symlink("libdemo.so.1", folder_ / "lib/libdemo.so");
    fs::create_directories(folder_ / "wheel");
    fs::create_hard_link(folder_ / "lib/libdemo.so.1", folder_ / "wheel/libdemo.so.1");
  }

  TemporaryDirectory directory_;
  fs::path folder_ = directory_.path() / "folder";
};

TEST_F(PackFolder, GivesTheSameTreeBack) {
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

TEST_F(PackFolder, LeavesNothingWhenItFails) {
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

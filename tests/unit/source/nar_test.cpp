// The digest of Nix archives against nix itself.
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

TEST(NarDigest, EqualsNixsOwnAnswer) {
  ORTFORGE_NEEDS(has_program("nix-hash"), "nix-hash (package nix-bin)");
  const TemporaryDirectory directory;
  const fs::path tree = directory.path() / "tree";
  ASSERT_TRUE(write_file(tree / "plain", std::string(300001, 'x')));
  ASSERT_TRUE(write_file(tree / "run", "#!/bin/sh\n", true));
  ASSERT_TRUE(write_file(tree / "empty", ""));
  ASSERT_TRUE(write_file(tree / "a/b.c", "8 bytes."));
  ASSERT_TRUE(write_file(tree / "a-b", "sorts before a/"));
  ASSERT_TRUE(write_file(tree / "Z\xc3\xbc", "not ASCII"));
  fs::create_directories(tree / "hollow");
  fs::create_symlink("a/b.c", tree / "link");
  fs::create_symlink("nowhere", tree / "dangling");
  std::map<std::string, std::string> variables = own_environment();
  variables["HOME"] = directory.path().string();
  for (const fs::path& path : {tree, tree / "plain", tree / "run", tree / "link"}) {
    const auto answer =
        run_captured({{"nix-hash", "--type", "sha256", path.string()}, variables, directory.path()});
    ASSERT_TRUE(answer && answer->outcome.success()) << (answer ? answer->output : answer.error().message);
    const auto digest = nar_digest(path);
    ASSERT_TRUE(digest) << digest.error().message;
    // nix-hash writes warnings of its own before the answer on some machines.
    const std::string text = trim(answer->output);
    EXPECT_EQ(text.substr(text.rfind('\n') + 1), digest->hex()) << path;
  }
}

TEST(NarDigest, LeavesOutWhatItIsTold) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "a/b", "b"));
  const Digest digest = *nar_digest(directory.path());
  ASSERT_TRUE(write_file(directory.path() / ".git/HEAD", "x"));
  ASSERT_TRUE(write_file(directory.path() / "a/.git", "gitdir: ../.git"));
  EXPECT_NE(*nar_digest(directory.path()), digest);
  EXPECT_EQ(*nar_digest(directory.path(), ".git"), digest);
}

}  // namespace
}  // namespace ortforge

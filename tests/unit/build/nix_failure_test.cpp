#include "ortforge/build/nix_failure.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

using FailureKind = NixFailure::Kind;

std::optional<NixFailure> failure_from(const std::string& text, const std::string& file = {}) {
  NixEvent message;
  message.kind = NixEvent::Kind::message;
  message.error = true;
  message.text = text;
  message.file = file;
  message.line = file.empty() ? 0 : 32;
  return nix_failure(message);
}

struct FailureCase {
  const char* text;
  FailureKind kind;
  const char* derivation;
  const char* words;
  ErrorKind error;
};

TEST(NixFailures, EachCauseHasItsKind) {
  const FailureCase cases[] = {
      {"builder for '/nix/store/a-core.drv' failed with exit code 2", FailureKind::builder,
       "/nix/store/a-core.drv", "exit code 2", ErrorKind::failed},
      {"builder for '/nix/store/a-core.drv' failed with exit code 1;\n  last 10 log lines:\n  > cc1: No "
       "space "
       "left on device\n  > failed to build",
       FailureKind::builder, "/nix/store/a-core.drv", "exit code 1", ErrorKind::failed},
      {"builder for '/nix/store/a-core.drv' failed due to signal 9 (Killed)", FailureKind::builder,
       "/nix/store/a-core.drv", "killed by SIGKILL", ErrorKind::failed},
      {"Cannot build '/nix/store/a-core.drv'.\nReason: builder failed with exit code 3.\nOutput paths:\n  "
       "/nix/store/b-core",
       FailureKind::builder, "/nix/store/a-core.drv", "exit code 3", ErrorKind::failed},
      {"writing to file: No space left on device", FailureKind::no_space, "",
       "writing to file: No space left on device", ErrorKind::missing},
      {"a 'aarch64-linux' with features {} is required to build '/nix/store/a-x.drv', but I am a "
       "'x86_64-linux'",
       FailureKind::platform, "/nix/store/a-x.drv",
       "a 'aarch64-linux' with features {} is required to build '/nix/store/a-x.drv', but I am a "
       "'x86_64-linux'",
       ErrorKind::missing},
      {"unable to download 'https://example.org/a.tar.gz': Couldn't resolve host name (6)",
       FailureKind::unreachable, "",
       "unable to download 'https://example.org/a.tar.gz': Couldn't resolve host name (6)",
       ErrorKind::missing},
      {"the group 'nixbld' specified in 'build-users-group' does not exist", FailureKind::set_up, "",
       "the group 'nixbld' specified in 'build-users-group' does not exist", ErrorKind::missing},
      {"opening lock file '/nix/var/nix/db/big-lock': Permission denied", FailureKind::set_up, "",
       "opening lock file '/nix/var/nix/db/big-lock': Permission denied", ErrorKind::missing},
      {"creating directory '/nix/store': Read-only file system", FailureKind::set_up, "",
       "creating directory '/nix/store': Read-only file system", ErrorKind::missing},
      {"building of '/nix/store/a-x.drv!out' timed out after 5 seconds", FailureKind::timed_out,
       "/nix/store/a-x.drv", "building of '/nix/store/a-x.drv!out' timed out after 5 seconds",
       ErrorKind::failed},
      {"interrupted by the user", FailureKind::interrupted, "", "interrupted by the user",
       ErrorKind::interrupted},
      {"some day something else", FailureKind::unknown, "", "some day something else", ErrorKind::failed},
      {"", FailureKind::unknown, "", "", ErrorKind::failed},
  };
  for (const FailureCase& each : cases) {
    const auto failure = failure_from(each.text);
    ASSERT_TRUE(failure) << each.text;
    EXPECT_EQ(failure->kind, each.kind) << each.text;
    EXPECT_EQ(failure->derivation, each.derivation) << each.text;
    EXPECT_EQ(failure->words, each.words) << each.text;
    EXPECT_EQ(error_kind(*failure), each.error) << each.text;
  }
}

TEST(NixFailures, AHashMismatchSaysBothDigestsAndWhatToDo) {
  const auto failure = failure_from(
      "hash mismatch in fixed-output derivation '/nix/store/a-source.drv':\n  specified: sha256-AAAA=\n     "
      "got: "
      "   sha256-BBBB=");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::hash_mismatch);
  EXPECT_EQ(failure->derivation, "/nix/store/a-source.drv");
  EXPECT_EQ(failure->words, "hash mismatch: expected sha256-AAAA=, got sha256-BBBB=");
  EXPECT_EQ(
      failure->hint,
      "if what came is what is wanted, take the digest out of the matrix and let 'ortforge lock' record "
      "it");
  EXPECT_EQ(error_kind(*failure), ErrorKind::failed);
  const auto tarball = failure_from(
      "hash mismatch in file downloaded from 'https://example.org/n.tar.gz':\n  specified: a\n  got:       "
      "b");
  ASSERT_TRUE(tarball);
  EXPECT_EQ(tarball->words, "https://example.org/n.tar.gz: hash mismatch: expected a, got b");
}

TEST(NixFailures, AMissingAttributeIsNamedWithItsPlace) {
  const auto failure = failure_from("attribute 'cudaPackages_12_4' missing", "/h/a.nix");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::missing_attribute);
  EXPECT_EQ(failure->attribute, "cudaPackages_12_4");
  EXPECT_EQ(failure->words, "the package set has no 'cudaPackages_12_4' (/h/a.nix:32)");
  EXPECT_EQ(error_kind(*failure), ErrorKind::bad_input);
}

TEST(NixFailures, OtherErrorsOfExpressionsHaveTheirPlace) {
  const auto failure =
      failure_from("'anonymous function' at /p/x.nix:3:1 called with unexpected argument 'a'", "/p/x.nix");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::evaluation);
  EXPECT_EQ(failure->words,
            "'anonymous function' at /p/x.nix:3:1 called with unexpected argument 'a' (/p/x.nix:32)");
}

TEST(NixFailures, WhatRepeatsOthersIsNoCause) {
  EXPECT_FALSE(failure_from("1 dependencies of derivation '/nix/store/a-x.drv' failed to build"));
  EXPECT_FALSE(failure_from("build of '/nix/store/a-x.drv', '/nix/store/b-y.drv' failed"));
  EXPECT_FALSE(failure_from("Cannot build '/nix/store/a-x.drv'.\nReason: 1 dependency failed."));
  NixEvent warning;
  warning.kind = NixEvent::Kind::message;
  warning.text = "warning: the group 'nixbld' specified in 'build-users-group' does not exist";
  EXPECT_FALSE(nix_failure(warning));
}

TEST(NixFailures, AFullDiskIsSeenInTheLogOfABuilder) {
  NixFailure failure = *failure_from("builder for '/nix/store/a-core.drv' failed with exit code 1");
  look_into_log(failure, "as: error: a.o\ncc1plus: fatal error: a.s: No space left on device");
  EXPECT_EQ(failure.kind, FailureKind::no_space);
  EXPECT_EQ(failure.words, "exit code 1, No space left on device");
  EXPECT_EQ(error_kind(failure), ErrorKind::missing);
  NixFailure other = *failure_from("builder for '/nix/store/a-core.drv' failed with exit code 1");
  const NixFailure before = other;
  look_into_log(other, "undeclared identifier");
  EXPECT_EQ(other, before);
}

}  // namespace
}  // namespace ortforge

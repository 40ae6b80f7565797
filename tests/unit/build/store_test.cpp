#include "ortforge/build/store.hpp"

#include <filesystem>

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/build/clean.hpp"
#include "ortforge/build/home_lock.hpp"
#include "ortforge/build/result_link.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  const fs::path& home() const { return directory_.path(); }

  StoreEntry enter(const std::string& name, const std::string& content, std::int64_t finished_ms = 1) {
    const fs::path output = home() / "work" / name / "out";
    EXPECT_TRUE(write_file(output / "lib" / "file", content));
    StoreEntry entry;
    entry.key = sha256(name).hex();
    entry.scope = name;
    entry.content_key = sha256("content of " + name).hex();
    entry.parts = {{"environment", "x"}};
    entry.finished_ms = finished_ms;
    entry.output_digest = nar_digest(output).value();
    entry.artefacts = list_artefacts(output).value();
    const auto stored = store_.commit(entry, output);
    EXPECT_TRUE(stored) << stored.error().message;
    EXPECT_FALSE(fs::exists(output));
    return *stored;
  }

  TemporaryDirectory directory_;
  Store store_{directory_.path()};
};

TEST_F(StoreTest, FindsWhatWasEntered) {
  EXPECT_FALSE(store_.find(sha256("core").hex(), "core").value());
  const StoreEntry entered = enter("core", "one");
  const auto found = store_.find(entered.key, "core");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->output_digest, entered.output_digest);
  EXPECT_EQ((*found)->parts, entered.parts);
  ASSERT_EQ((*found)->artefacts.size(), 1U);
  EXPECT_EQ((*found)->artefacts[0].path, "lib/file");
  EXPECT_EQ((*found)->artefacts[0].sha256, sha256("one").hex());
  EXPECT_EQ((*found)->path.filename(), entered.key.substr(0, 32) + "-core");
}

TEST_F(StoreTest, AnEntryHoldsItsOutputAndNothingElse) {
  const StoreEntry entry = enter("core", "one");
  EXPECT_EQ(nar_digest(entry.path).value(), entry.output_digest);
}

TEST_F(StoreTest, TheFirstOfTwoOutputsStays) {
  const StoreEntry first = enter("core", "one");
  const StoreEntry second = enter("core", "two");
  EXPECT_EQ(read_file(second.path / "lib" / "file").value(), "one");
  EXPECT_EQ(second.output_digest, first.output_digest);
  EXPECT_EQ(store_.find(first.key, "core").value()->output_digest, first.output_digest);
  EXPECT_TRUE(fs::is_empty(home() / "work" / "core")) << "nothing is left of the other, nor of its metadata";
}

TEST_F(StoreTest, AFolderWithoutMetadataIsNoEntry) {
  const StoreEntry lost = enter("core", "one");
  fs::remove(store_.root() / ".entries" / (lost.path.filename().string() + ".json"));
  EXPECT_FALSE(store_.find(lost.key, "core").value());
  EXPECT_FALSE(store_.find_content(lost.content_key).value());
  EXPECT_EQ(read_file(enter("core", "two").path / "lib" / "file").value(), "two");
}

TEST_F(StoreTest, VerifyNamesChangedAndMissingFiles) {
  const StoreEntry entry = enter("core", "one");
  EXPECT_TRUE(store_.verify(entry)->empty());
  ASSERT_TRUE(write_file(entry.path / "lib" / "file", "bad"));
  EXPECT_EQ(store_.verify(entry)->at(0).substr(0, 17), "lib/file: sha256 ");
  fs::remove(entry.path / "lib" / "file");
  EXPECT_EQ(store_.verify(entry).value(), std::vector<std::string>{"lib/file: missing"});
}

TEST_F(StoreTest, AnAliasSharesTheFiles) {
  const StoreEntry entry = enter("core", "one");
  EXPECT_TRUE(store_.find_content(entry.content_key).value());
  const auto alias = store_.alias(entry, sha256("new").hex(), "core", {{"environment", "y"}});
  ASSERT_TRUE(alias) << alias.error().message;
  EXPECT_EQ(fs::hard_link_count(alias->path / "lib" / "file"), 2U);
  EXPECT_EQ(store_.find(alias->key, "core").value()->parts.at("environment"), "y");
  EXPECT_EQ(store_.find(entry.key, "core").value()->parts.at("environment"), "x")
      << "the first entry is as it was";
}

TEST_F(StoreTest, ARemovedEntryIsNotFoundByItsContent) {
  const StoreEntry entry = enter("core", "one");
  ASSERT_TRUE(store_.remove(entry));
  EXPECT_FALSE(fs::is_symlink(store_.root() / ".by-content" / entry.content_key));
  EXPECT_FALSE(store_.find_content(entry.content_key).value());
  const StoreEntry again = enter("core", "two");
  EXPECT_EQ(store_.find_content(entry.content_key).value()->path, again.path);
}

TEST_F(StoreTest, ANewEntryReplacesALinkThatLeadsNowhere) {
  const fs::path link = store_.root() / ".by-content" / sha256("content of core").hex();
  fs::create_directories(link.parent_path());
  fs::create_symlink("gone", link);
  const StoreEntry entry = enter("core", "one");
  EXPECT_EQ(store_.find_content(entry.content_key).value()->path, entry.path);
}

TEST_F(StoreTest, AnAliasIsCompletedBeforeAnyoneSeesIt) {
  const StoreEntry entry = enter("core", "one");
  const auto alias = store_.alias(entry, sha256("new").hex(), "core", {}, [&](const fs::path& output) {
    EXPECT_NE(output, store_.entry_path(sha256("new").hex(), "core"));
    return write_file(output / "lib" / "file", "of its own");
  });
  ASSERT_TRUE(alias) << alias.error().message;
  EXPECT_EQ(read_file(alias->path / "lib" / "file").value(), "of its own");
  EXPECT_EQ(read_file(entry.path / "lib" / "file").value(), "one")
      << "hard links are replaced, not written to";
}

TEST_F(StoreTest, CleaningAndBuildingExcludeEachOther) {
  const StoreEntry entry = enter("core", "one");
  {
    const auto building = use_store(home(), nullptr, [](const std::string&) {});
    ASSERT_TRUE(building);
    EXPECT_TRUE(use_store(home(), nullptr, [](const std::string&) {})) << "any number of builds";
    const auto refused = clean_home(home(), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, home().string() + ": a build or a shell is running in this home");
    CleanOptions look;
    look.dry_run = true;
    EXPECT_EQ(clean_home(home(), look)->size(), 1U);
    EXPECT_TRUE(fs::exists(entry.path));
  }
  const auto cleaning = own_store(home());
  ASSERT_TRUE(cleaning);
  Interrupt interrupt;
  std::string told;
  const auto waited = use_store(home(), &interrupt, [&](const std::string& text) {
    told = text;
    interrupt.request();
  });
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(told, "another ortforge cleans up " + home().string() + "; waiting for it");
}

TEST_F(StoreTest, CleaningTakesWhatKilledProcessesLeft) {
  fs::create_directories(store_.root() / ".alias-half");
  fs::create_directories(store_.root() / "no-metadata");
  const StoreEntry kept = enter("kept", "one");
  ASSERT_TRUE(link_result(home(), kept.path, home() / "result-kept"));
  EXPECT_EQ(clean_home(home(), {})->size(), 2U);
  EXPECT_TRUE(store_.left_overs().empty());
  EXPECT_TRUE(store_.find(kept.key, kept.scope).value());
}

TEST_F(StoreTest, CleaningTakesTheCompilerCacheWhenAsked) {
  const fs::path cache = home() / "compiler-cache";
  ASSERT_TRUE(write_file(cache / "a" / "object", "12345678"));
  EXPECT_TRUE(clean_home(home(), {})->empty());
  CleanOptions options;
  options.cache = true;
  const auto cleaned = clean_home(home(), options);
  ASSERT_TRUE(cleaned) << cleaned.error().message;
  ASSERT_EQ(cleaned->size(), 1U);
  EXPECT_EQ(cleaned->at(0).path, "compiler-cache");
  EXPECT_EQ(cleaned->at(0).bytes, 8U);
  EXPECT_FALSE(fs::exists(cache));
  EXPECT_TRUE(clean_home(home(), options)->empty());
}

TEST_F(StoreTest, AnInterruptStopsCleaning) {
  const StoreEntry entry = enter("core", "one");
  Interrupt interrupt;
  interrupt.request();
  CleanOptions options;
  options.interrupt = &interrupt;
  EXPECT_EQ(clean_home(home(), options).error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(fs::exists(entry.path));
}

TEST_F(StoreTest, DamagedMetadataIsAnErrorWithARemedy) {
  const StoreEntry entry = enter("core", "one");
  ASSERT_TRUE(write_file(store_.root() / ".entries" / (entry.path.filename().string() + ".json"), "{"));
  const auto found = store_.find(entry.key, "core");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::internal);
  EXPECT_EQ(found.error().hint, "remove that folder and build again");
}

TEST_F(StoreTest, CleaningKeepsWhatLinksPointAt) {
  const StoreEntry kept = enter("kept", "one");
  const StoreEntry gone = enter("gone", "two");
  ASSERT_TRUE(link_result(home(), kept.path, home() / "result-kept"));
  CleanOptions options;
  options.dry_run = true;
  ASSERT_EQ(clean_home(home(), options)->size(), 1U);
  EXPECT_TRUE(fs::exists(gone.path)) << "a dry run removes nothing";
  options.dry_run = false;
  EXPECT_EQ(clean_home(home(), options)->at(0).path, "store/" + gone.path.filename().string());
  EXPECT_FALSE(fs::exists(gone.path));
  EXPECT_TRUE(fs::exists(kept.path));
  fs::remove(home() / "result-kept");
  EXPECT_EQ(clean_home(home(), options)->size(), 1U) << "the link is gone, so is its note";
  EXPECT_FALSE(fs::exists(kept.path));
}

TEST_F(StoreTest, CleaningKeepsTheTestOfALinkedResult) {
  const StoreEntry result = enter("result", "one");
  ASSERT_TRUE(link_result(home(), result.path, home() / "result-link"));
  const fs::path output = home() / "work" / "test" / "out";
  ASSERT_TRUE(write_file(output / "junit.xml", "<testsuite/>"));
  StoreEntry test;
  test.key = sha256("test").hex();
  test.scope = "test";
  test.content_key = sha256("content of test").hex();
  test.parts = {{"needs/package", result.key}};
  ASSERT_TRUE(store_.commit(test, output));
  EXPECT_TRUE(clean_home(home(), {})->empty());
  EXPECT_TRUE(store_.find(test.key, "test").value());
}

TEST_F(StoreTest, CleaningToASizeTakesTheOldestFirst) {
  const StoreEntry old = enter("old", std::string(100, 'a'), 1);
  const StoreEntry young = enter("young", std::string(100, 'b'), 2);
  CleanOptions options;
  options.max_bytes = tree_bytes(young.path).value() + 10;
  ASSERT_EQ(clean_home(home(), options)->size(), 1U);
  EXPECT_FALSE(fs::exists(old.path));
  EXPECT_TRUE(fs::exists(young.path));
}

TEST_F(StoreTest, LinksReplaceLinksAndNothingElse) {
  const StoreEntry one = enter("one", "1");
  const StoreEntry two = enter("two", "2");
  const fs::path link = home() / "result";
  ASSERT_TRUE(link_result(home(), one.path, link));
  ASSERT_TRUE(link_result(home(), two.path, link));
  EXPECT_EQ(fs::read_symlink(link), two.path);
  ASSERT_TRUE(write_file(home() / "taken", "mine"));
  EXPECT_EQ(link_result(home(), one.path, home() / "taken").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read_file(home() / "taken").value(), "mine");
}

TEST(ResultLink, NamesTheBranchUnlessItIsTheDefault) {
  EXPECT_EQ(result_link_name("p-cpu-avx2", "b", true), "result-p-cpu-avx2");
  EXPECT_EQ(result_link_name("p-cpu-avx2", "b", false), "result-b-p-cpu-avx2");
}

}  // namespace
}  // namespace ortforge

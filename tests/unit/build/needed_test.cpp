#include "ortforge/build/needed.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/build/executor.hpp"

namespace ortforge {
namespace {

Step step(const std::string& name, char key, std::vector<std::size_t> needs) {
  Step result;
  result.recipe.name = result.recipe.scope = name;
  result.recipe.kind = "build";
  result.key = std::string(64, key);
  result.needs = std::move(needs);
  return result;
}

class NeededTest : public testing::Test {
 protected:
  NeededTest() {
    plan_.steps = {step("prepare", 'a', {}), step("core", 'b', {0}), step("package", 'c', {1}),
                   step("test", 'd', {2})};
    plan_.results.push_back(PlannedResult{"variant", 2, 3});
  }

  // Enters the output of a step into the store.
  void finish(std::size_t index) {
    const auto output = directory_.path() / "output";
    ASSERT_TRUE(make_directories(output));
    StoreEntry entry;
    entry.key = plan_.steps[index].key;
    entry.scope = plan_.steps[index].recipe.scope;
    entry.content_key = entry.key;
    entry.output_digest = sha256("");
    const auto committed = store_.commit(entry, output);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  std::string next() const { return plan_.steps[next_step(plan_, store_).value()].recipe.name; }

  TemporaryDirectory directory_;
  Store store_{directory_.path() / "home"};
  Plan plan_;
};

TEST_F(NeededTest, TheNextStepIsTheOneThatABuildWouldGoOnWith) {
  EXPECT_EQ(next(), "prepare");
  finish(0);
  EXPECT_EQ(next(), "core") << "also after it failed: its needs are there";
  finish(1);
  EXPECT_EQ(next(), "package");
  finish(2);
  EXPECT_EQ(next(), "test");
  finish(3);
  EXPECT_EQ(next(), "test") << "all is there: the last one";
}

TEST_F(NeededTest, AStepSeesTheFoldersThatItsToolkitLinksTo) {
  const auto entry = directory_.path() / "toolkits" / "0-installed";
  ASSERT_TRUE(make_directories(entry / "toolkit-folders"));
  std::filesystem::create_symlink("/a/cuda", entry / "toolkit-folders" / "0");
  std::filesystem::create_symlink("/a/cudnn", entry / "toolkit-folders" / "1");
  plan_.steps[0].recipe.toolkit = true;
  plan_.steps[0].parts["toolkit"] = "t";
  BuildContext context;
  EXPECT_FALSE(step_mounts(plan_, 0, store_, context));
  context.trees["t"] = entry / "prefix";
  const auto mounts = step_mounts(plan_, 0, store_, context);
  ASSERT_TRUE(mounts) << mounts.error().message;
  std::vector<std::pair<std::string, std::string>> seen;
  for (const Mount& mount : *mounts) {
    EXPECT_FALSE(mount.writable) << mount.target;
    seen.emplace_back(mount.source.string(), mount.target);
  }
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, std::string>>{{(entry / "prefix").string(), "toolkit"},
                                                                    {"/a/cuda", "toolkit-folders/0"},
                                                                    {"/a/cudnn", "toolkit-folders/1"}}));
}

TEST_F(NeededTest, OutputsOfOtherProductsHaveFoldersOfTheirOwn) {
  for (Step& each : plan_.steps) each.recipe.output = "out/" + each.recipe.name;
  plan_.steps[2].recipe.needs = {"prepare", "base.core"};
  plan_.steps[2].needs = {0, 1};
  finish(0);
  finish(1);
  const auto mounts = step_mounts(plan_, 2, store_, BuildContext{});
  ASSERT_TRUE(mounts) << mounts.error().message;
  ASSERT_EQ(mounts->size(), 2U);
  EXPECT_EQ((*mounts)[0].target, "out/prepare");
  EXPECT_EQ((*mounts)[1].target, "out/base.core");
}

TEST_F(NeededTest, StepsWhoseReadersAreThereAreNotNext) {
  finish(2);
  EXPECT_EQ(next(), "test");
  EXPECT_EQ(needed_steps(plan_, store_).value(),
            (std::vector<Need>{Need::none, Need::none, Need::stored, Need::run}));
}

TEST_F(NeededTest, WhatARemoteStoreHasIsThereForTheNextStep) {
  const auto has = [](const std::string& name) {
    return [name](const Step& each) -> Result<bool> { return each.recipe.name == name; };
  };
  EXPECT_EQ(next_step(plan_, store_, has("core")).value(), 2U);
  EXPECT_EQ(next_step(plan_, store_, has("prepare")).value(), 1U);
  EXPECT_EQ(next_step(plan_, store_, has("none")).value(), 0U);
}

TEST_F(NeededTest, ARemoteStoreIsAskedForWhatWouldRun) {
  finish(3);
  std::vector<std::string> asked;
  const auto needs = needed_steps(plan_, store_, [&](const Step& each) -> Result<bool> {
    asked.push_back(each.recipe.name);
    return each.recipe.name == "core";
  });
  EXPECT_EQ(needs.value(), (std::vector<Need>{Need::none, Need::remote, Need::run, Need::stored}));
  EXPECT_EQ(asked, (std::vector<std::string>{"package", "core"}));
}

}  // namespace
}  // namespace ortforge

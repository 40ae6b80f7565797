// Steps go on while the remote store is asked and filled.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "support/fake_build.hpp"
#include <gmock/gmock.h>

#include "ortforge/build/remote_store.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using Words = std::vector<std::string>;

// Something that one thread waits for and another lets happen.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  // False when it stays shut: the other thread does not come that far.
  bool pass() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

// A remote store that holds nothing and does what the test says when it is asked or filled.
struct Remote {
  std::function<void(const std::string& name)> on_read = [](const std::string&) {};
  std::function<Result<void>(const std::string& name)> on_put = [](const std::string&) {
    return Result<void>();
  };
  Words names;  // that were put, in order
};

class RemoteFake : public RemoteFiles {
 public:
  explicit RemoteFake(Remote& remote) : remote_(remote) {}
  std::string place() const override { return "fake"; }
  Result<bool> has(const std::string&) const override { return false; }
  Result<std::optional<std::string>> read(const std::string& name, std::uint64_t) const override {
    remote_.on_read(name);
    return std::optional<std::string>();
  }
  Result<bool> get(const std::string&, const std::filesystem::path&, std::uint64_t) const override {
    return false;
  }
  Result<void> put(const std::string& name, const std::filesystem::path&) const override {
    remote_.names.push_back(name);
    return remote_.on_put(name);
  }

 private:
  Remote& remote_;
};

class ExecutorRemoteTest : public testing::Test {
 protected:
  // The result of a build on one core that pushes; `shared` as in RemoteStoreOptions.
  Result<BuildReport> run(FakeBuild& build, std::function<bool(const Step&)> shared = {}) {
    RemoteStoreOptions options;
    options.push = true;
    options.shared = std::move(shared);
    options.note = [this](const std::string& text) { notes_.push_back(text); };
    options.interrupt = &build.interrupt;
    RemoteStore store(std::make_unique<RemoteFake>(remote_), std::move(options));
    build.remote = &store;
    auto report = build.run(BuildOptions{});
    build.remote = nullptr;
    return report;
  }

  // Metadata that were put, which come last of each entry.
  std::size_t entries() const {
    return static_cast<std::size_t>(std::count_if(
        remote_.names.begin(), remote_.names.end(),
        [](const std::string& name) { return name.ends_with(".json") && !name.starts_with("content/"); }));
  }

  Remote remote_;
  Gate gate_;
  Words notes_;
};

TEST_F(ExecutorRemoteTest, StepsGoOnWhileAnOutputIsPut) {
  FakeBuild build({"a", "b"});
  bool passed = true;
  remote_.on_put = [&](const std::string&) -> Result<void> {
    passed = gate_.pass() && passed;
    return {};
  };
  build.runner.effects["package-b"] = [&] { gate_.open(); };
  const auto report = run(build);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(passed) << "the last step started before the first output was there";
  EXPECT_EQ(build.runner.programs(), (Words{"core-a", "core-b", "package-a", "package-b"}));
  EXPECT_EQ(entries(), 4U) << "the build waits for its outputs to get there";
}

TEST_F(ExecutorRemoteTest, StepsGoOnWhileAnOutputIsLookedFor) {
  FakeBuild build({"a", "b"});
  bool passed = false;
  remote_.on_read = [&](const std::string& name) {
    EXPECT_THAT(name, testing::StartsWith("content/"));
    passed = gate_.pass();
  };
  build.runner.effects["package-a"] = [&] { gate_.open(); };
  const auto report = run(build, [](const Step& step) { return step.recipe.scope == "core-b"; });
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(passed);
  EXPECT_TRUE(report->success());
  EXPECT_EQ(build.runner.programs(), (Words{"core-a", "package-a", "core-b", "package-b"}));
}

TEST_F(ExecutorRemoteTest, ABuildSaysWhatItIsWaitingFor) {
  FakeBuild build({"a"});
  remote_.on_put = [&](const std::string&) -> Result<void> {
    EXPECT_TRUE(gate_.pass());
    return {};
  };
  build.listener.after_note = [&] { gate_.open(); };
  const auto report = run(build);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->success());
  EXPECT_THAT(build.listener.notes,
              ElementsAre("waiting for what goes into the remote store: core-a, package-a"));
  ASSERT_FALSE(build.listener.pushing.empty());
  EXPECT_THAT(build.listener.pushing.front(), ElementsAre(0U, 1U));
  EXPECT_EQ(entries(), 2U);
}

TEST_F(ExecutorRemoteTest, AnInterruptLeavesOutWhatIsNotThereYet) {
  FakeBuild build({"a"});
  remote_.on_put = [&](const std::string& name) -> Result<void> {
    EXPECT_TRUE(gate_.pass());
    build.interrupt.request();
    return fail(ErrorKind::interrupted, "{}: interrupted", name);
  };
  build.listener.after_note = [&] { gate_.open(); };
  const auto report = run(build);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(step_words(*report), (Words{"core-a: built", "package-a: built"}));
  EXPECT_TRUE(report->interrupted) << "the next call puts it there";
  EXPECT_THAT(remote_.names, SizeIs(1)) << "nothing of the package";
  EXPECT_THAT(notes_, SizeIs(0));
}

TEST_F(ExecutorRemoteTest, AnInterruptEndsALook) {
  FakeBuild build({"a"});
  remote_.on_read = [&](const std::string&) { build.interrupt.request(); };
  const auto report = run(build);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(step_words(*report),
            (Words{"core-a: not run; interrupted", "package-a: not run; core-a did not succeed"}));
  EXPECT_TRUE(build.runner.programs().empty());
}

TEST_F(ExecutorRemoteTest, NotesComeFromTheThreadThatBuilds) {
  FakeBuild build({"a"});
  remote_.on_put = [](const std::string& name) -> Result<void> {
    return fail(ErrorKind::missing, "{}: HTTP status 403", name);
  };
  const auto report = run(build);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->success());
  EXPECT_THAT(notes_, ElementsAre(testing::StartsWith("core-a: not put into the remote store: "),
                                  testing::StartsWith("package-a: not put into the remote store: ")));
  EXPECT_THAT(notes_.front(), EndsWith(": HTTP status 403"));
}

TEST_F(ExecutorRemoteTest, WhatAThreadThrowsEndsTheBuild) {
  FakeBuild build({"a"});
  remote_.on_put = [](const std::string&) -> Result<void> { throw std::runtime_error("out of order"); };
  const auto report = run(build);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::internal);
  EXPECT_THAT(report.error().message, HasSubstr("-a: out of order"));
}

}  // namespace
}  // namespace ortforge

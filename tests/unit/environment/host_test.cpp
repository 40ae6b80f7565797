#include <chrono>
#include <fstream>

#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/environment/environment.hpp"

namespace ortforge {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

EnvironmentSpec host_spec() {
  EnvironmentSpec spec;
  spec.name = "host";
  spec.kind = "host";
  spec.programs = {"c++", "cmake", "ninja"};
  return spec;
}

// Commands inside the host environment, with a work folder of their own.
class HostEnvironment : public testing::Test {
 protected:
  void SetUp() override {
    context_ = environment_context(home_.path() / "home");
    ORTFORGE_SKIP_WITHOUT(check_sandbox(context_));
    auto found = realize_environment(host_spec(), context_);
    ASSERT_TRUE(found) << found.error().message;
    environment_ = *std::move(found);
    std::filesystem::create_directories(work() / "home");
  }

  std::filesystem::path work() const { return home_.path() / "work"; }

  Captured shell(const std::string& script, const std::vector<Mount>& mounts = {}, Command command = {}) {
    command.argv = {"sh", "-c", script};
    auto captured = run_captured(environment_->wrap(command, work(), mounts));
    EXPECT_TRUE(captured);
    return captured ? *captured : Captured{};
  }

  TemporaryDirectory home_;
  EnvironmentContext context_;
  std::unique_ptr<Environment> environment_;
};

TEST_F(HostEnvironment, HasOnlyTheGivenVariables) {
  Command command;
  command.environment = {{"SOURCE_DATE_EPOCH", "1741219200"}, {"LANG", "C"}};
  const auto seen = shell("env -u PWD -u _ -u SHLVL -u OLDPWD | sort", {}, command);
  EXPECT_EQ(
      seen.output,
      "HOME=/w/home\nLANG=C\nPATH=/usr/local/bin:/usr/bin:/bin\nSOURCE_DATE_EPOCH=1741219200\nTMPDIR=/tmp\n"
      "TZ=UTC\n");
}

TEST_F(HostEnvironment, SeesTheDevicesItIsGiven) {
  const auto device = home_.path() / "device";
  ASSERT_TRUE(write_file(device, "a device\n"));
  const Command command{{"cat", device.string()}, {}, {}};
  EXPECT_FALSE(run_captured(environment_->wrap(command, work(), {}))->outcome.success());
  EXPECT_EQ(run_captured(environment_->wrap(command, work(), {}, {.devices = {device}}))->output,
            "a device\n");
}

TEST_F(HostEnvironment, SeesTheFoldersItIsGiven) {
  const auto folder = home_.path() / "driver";
  ASSERT_TRUE(write_file(folder / "library", "a library\n"));
  const Command command{{"sh", "-c", "cat \"$0\"/library; echo x >\"$0\"/new", folder.string()}, {}, {}};
  EXPECT_FALSE(run_captured(environment_->wrap(command, work(), {}))->outcome.success());
  EXPECT_THAT(run_captured(environment_->wrap(command, work(), {}, {.folders = {folder}}))->output,
              testing::StartsWith("a library\n"));
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

TEST_F(HostEnvironment, WritesOnlyBelowTheWorkFolder) {
  const auto seen = shell(
      "echo kept > /w/home/file && echo gone > /tmp/file || exit 9; "
      "for place in /new /usr/new /etc/new /dev/shm/../new; do touch $place 2>/dev/null && echo wrote "
      "$place; done; "
      "test -e /home && echo saw /home; test -e /root && echo saw /root; ls -A /tmp");
  EXPECT_THAT(seen.output, testing::AnyOf("file\n", "wrote /dev/shm/../new\nfile\n"));
  EXPECT_EQ(*read_file(work() / "home/file"), "kept\n");
}

TEST_F(HostEnvironment, HasNoNetworkAndNoForeignProcesses) {
  const auto seen = shell("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; ls -d /proc/[0-9]* | wc -l");
  EXPECT_THAT(seen.output, testing::StartsWith("lo\n"));
  EXPECT_LT(std::stoi(seen.output.substr(3)), 12) << seen.output;
  EXPECT_EQ(shell("cat /etc/hostname >/dev/null; uname -n").output, "ortforge\n");
}

TEST_F(HostEnvironment, StartsInTheDirectoryOfTheCommand) {
  std::filesystem::create_directories(work() / "src/project");
  Command command;
  command.directory = "src/project";
  EXPECT_EQ(shell("pwd", {}, command).output, "/w/src/project\n");
  EXPECT_EQ(shell("pwd").output, "/w\n");
}

TEST_F(HostEnvironment, MountsAreReadOnlyUnlessWritable) {
  const auto input = home_.path() / "input";
  const auto output = home_.path() / "output";
  ASSERT_TRUE(write_file(input / "data", "content\n"));
  std::filesystem::create_directories(output);
  const auto seen =
      shell("cat out/core/data; touch out/core/new 2>/dev/null && echo wrote; echo done > result/file",
            {{input, "out/core", false}, {output, "result", true}});
  EXPECT_EQ(seen.output, "content\n");
  EXPECT_EQ(*read_file(output / "file"), "done\n");
}

TEST_F(HostEnvironment, TellsSignalsFromExitCodes) {
  EXPECT_EQ(ending_inside(shell("exit 7").outcome.ending), Ending(Exited{7}));
  EXPECT_EQ(ending_inside(shell("kill -SEGV $$").outcome.ending), Ending(Signaled{11}));
  EXPECT_EQ(ending_inside(Exited{128}), Ending(Exited{128}));
  EXPECT_EQ(ending_inside(Exited{255}), Ending(Exited{255}));
  EXPECT_EQ(ending_inside(TimedOut{Milliseconds{1}}), Ending(TimedOut{Milliseconds{1}}));
}

TEST_F(HostEnvironment, CountsWhatCommandsInsideUse) {
  const auto usage = shell(
                         "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; dd if=/dev/zero of=/dev/null "
                         "bs=150M count=1 2>/dev/null")
                         .outcome.usage;
  EXPECT_GE(usage.user + usage.system, Milliseconds{30});
  EXPECT_GE(usage.peak_bytes, std::uint64_t{150} << 20);
}

// Ctrl-C reaches the command inside, which gets its grace, as ninja needs it to remove half-written files.
TEST_F(HostEnvironment, CommandInsideSeesSigintAndMayCleanUp) {
  const auto runner = make_process_runner();
  std::string output;
  RunOptions options;
  options.on_output = [&output](std::string_view text) { output += text; };
  const Command command{
      {"sh", "-c", "trap 'sleep 0.3; echo cleaned; exit 5' INT; echo ready; while :; do sleep 0.1; done"},
      {},
      {}};
  ASSERT_TRUE(runner->start(environment_->wrap(command, work(), {}), options));
  while (output.find("ready") == std::string::npos) ASSERT_TRUE(runner->wait(Milliseconds{50}));
  runner->stop_all();
  const auto finished = runner->wait(Milliseconds{10000});
  ASSERT_TRUE(finished && *finished);
  EXPECT_EQ((*finished)->outcome.ending, Ending(Exited{5}));
  EXPECT_THAT(output, HasSubstr("cleaned"));
}

// After SIGKILL of ortforge nothing may go on writing into the work folder.
TEST_F(HostEnvironment, CommandsDieWithTheProcessThatStartedThem) {
  const auto log = work() / "log";
  const pid_t owner = ::fork();
  ASSERT_GE(owner, 0);
  if (owner == 0) {
    const Command command{
        {"sh", "-c", "setsid sh -c 'while :; do echo x >> /w/log; sleep 0.02; done' & wait"}, {}, {}};
    (void)run_captured(environment_->wrap(command, work(), {}));
    ::_exit(0);
  }
  std::error_code error;
  for (int round = 0; round < 500 && !std::filesystem::exists(log, error); ++round)
    std::this_thread::sleep_for(Milliseconds{20});
  ASSERT_TRUE(std::filesystem::exists(log, error));
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  std::this_thread::sleep_for(Milliseconds{500});
  const auto size = std::filesystem::file_size(log);
  std::this_thread::sleep_for(Milliseconds{500});
  EXPECT_EQ(std::filesystem::file_size(log), size);
}

// bubblewrap holds what it inherits: a lock taken by a process that is gone stays as long as the sandbox.
TEST_F(HostEnvironment, HoldsADescriptorThatTheCommandDoesNotSee) {
  const auto file = home_.path() / "lock";
  auto lock = FileLock::try_acquire(file).value();
  const auto runner = make_process_runner();
  std::string output;
  RunOptions options;
  options.inherited = lock->descriptor();
  options.on_output = [&output](std::string_view text) { output += text; };
  const Command command{{"sh", "-c", "test -e /proc/self/fd/3 && echo seen; echo ready; sleep 60"}, {}, {}};
  ASSERT_TRUE(runner->start(environment_->wrap(command, work(), {}, {.holds_descriptor = true}), options));
  lock.reset();
  while (output.find("ready") == std::string::npos) ASSERT_TRUE(runner->wait(Milliseconds{50}));
  EXPECT_EQ(output, "ready\n");
  EXPECT_FALSE(FileLock::try_acquire(file).value()) << "the sandbox holds it";
  runner->stop_all();
  const auto finished = runner->wait(Milliseconds{10000});
  ASSERT_TRUE(finished && *finished);
  EXPECT_TRUE(FileLock::try_acquire(file).value()) << "the sandbox is gone";
}

TEST_F(HostEnvironment, CompilesInside) {
  ASSERT_TRUE(
      write_file(work() / "a.cpp", "#include <vector>\nint main() { return std::vector<int>{0}[0]; }\n"));
  const auto seen = shell("c++ a.cpp -o a && ./a && cmake --version | head -1");
  EXPECT_TRUE(seen.outcome.success()) << seen.output;
  EXPECT_THAT(seen.output, HasSubstr("cmake version"));
}

TEST_F(HostEnvironment, IngredientsNameTheCompilersParts) {
  std::vector<std::string> names;
  for (const auto& ingredient : environment_->ingredients()) names.push_back(ingredient.name);
  for (const char* part : {"cc1plus", "as", "ld", "libc.so.6", "libstdc++.so", "cmake", "ninja"})
    EXPECT_THAT(names, Contains(part));
}

TEST_F(HostEnvironment, RepeatedDigestIsEqual) {
  const auto again = find_environment(host_spec(), context_);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->digest(), environment_->digest());
  EXPECT_EQ((*again)->ingredients(), environment_->ingredients());
}

TEST_F(HostEnvironment, DigestSurvivesALostOrDamagedCache) {
  const auto cache = context_.home / "environments/host.json";
  ASSERT_TRUE(std::filesystem::exists(cache));
  ASSERT_TRUE(write_file(cache, "{\"format\": 1, \"files\": ["));
  EXPECT_EQ((*find_environment(host_spec(), context_))->digest(), environment_->digest());
}

// A cached state that is not the file's any more must be looked at again.
TEST_F(HostEnvironment, ChangedFileStateIsNotBelieved) {
  const auto cache = context_.home / "environments/host.json";
  auto text = *read_file(cache);
  const auto sizes = text.find("\"size\": ", text.find("\"files\""));
  const auto digest = text.find("\"sha256\": \"", sizes);
  text.replace(digest, 16, "\"sha256\": \"00000");
  ASSERT_TRUE(write_file(cache, text));
  EXPECT_NE((*find_environment(host_spec(), context_))->digest(), environment_->digest())
      << "the cache is believed as long as the states fit";
  text.insert(sizes + 8, "1");
  ASSERT_TRUE(write_file(cache, text));
  EXPECT_EQ((*find_environment(host_spec(), context_))->digest(), environment_->digest());
}

// A linker that appears before the known one in PATH is used by every build, though no known file changes.
TEST_F(HostEnvironment, AToolElsewhereInPathIsLookedAtAgain) {
  const auto file = context_.home / "environments/host.json";
  Json cache = read_json(file).value();
  Json& files = cache["files"];
  for (auto entry = files.begin(); entry != files.end();)
    entry = entry->at("path").get<std::string>().ends_with("/ld") ? files.erase(entry) : entry + 1;
  ASSERT_TRUE(write_file(file, cache.dump()));
  EXPECT_NE((*find_environment(host_spec(), context_))->digest(), environment_->digest())
      << "the cache is believed as long as PATH has the tools where it had them";
  cache["tools"]["ld"] = "/elsewhere/ld";
  ASSERT_TRUE(write_file(file, cache.dump()));
  EXPECT_EQ((*find_environment(host_spec(), context_))->digest(), environment_->digest());
}

TEST(HostEnvironmentErrors, MissingProgramsAreNamedWithTheirPackages) {
  const TemporaryDirectory home;
  auto spec = host_spec();
  spec.programs = {"cmake", "no-such-compiler", "ninja-of-nobody"};
  const auto found = find_environment(spec, environment_context(home.path()));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::missing);
  EXPECT_EQ(found.error().message,
            "environment host: not found in /usr/local/bin:/usr/bin:/bin: no-such-compiler, ninja-of-nobody");
}

TEST(HostEnvironmentErrors, MissingBubblewrapNamesItsPackage) {
  auto context = environment_context("/does/not/exist");
  context.variables["PATH"] = "/does/not/exist";
  const auto checked = check_sandbox(context);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::missing);
  EXPECT_EQ(checked.error().message, "sandbox: program 'bwrap' is not in PATH");
  EXPECT_EQ(checked.error().hint, "apt-get install bubblewrap");
}

// A machine where neither root nor user namespaces help: here a bwrap that says what the real one says there.
TEST(HostEnvironmentErrors, UselessSandboxHasARemedy) {
  const TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "bwrap",
                         "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n",
                         true));
  auto context = environment_context(folder.path());
  context.variables["PATH"] = folder.path().string() + ":/usr/bin:/bin";
  const auto checked = check_sandbox(context);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::missing);
  EXPECT_EQ(checked.error().message,
            "sandbox: bubblewrap cannot make one here (exit code 1): bwrap: No permissions to create new "
            "namespace");
  EXPECT_THAT(checked.error().hint, HasSubstr("kernel.unprivileged_userns_clone"));
}

TEST(HostEnvironmentErrors, UnknownKindIsRefused) {
  EnvironmentSpec spec;
  spec.name = "moon";
  spec.kind = "vacuum";
  const auto found = find_environment(spec, environment_context("/does/not/exist"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "environment moon: kind 'vacuum' is unknown; expected host or debian");
}

}  // namespace
}  // namespace ortforge

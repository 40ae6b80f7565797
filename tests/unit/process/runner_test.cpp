#include "ortforge/process/runner.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <signal.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

Command child(const std::string& name, const std::vector<std::string>& arguments = {}) {
  Command command;
  command.argv = {std::string(TEST_BINARY_DIR) + "/child-" + name};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return command;
}

Finished finish(ProcessRunner& runner, Milliseconds limit = Milliseconds{20000}) {
  auto finished = runner.wait(limit);
  EXPECT_TRUE(finished && *finished) << "nothing finished within the limit";
  return finished && *finished ? **finished : Finished{};
}

bool alive(pid_t process) {
  return ::kill(process, 0) == 0;
}

TEST(ProcessRunner, RunsWithExactlyTheGivenEnvironmentAndDirectory) {
  Command command{{"env"}, {{"PATH", "/usr/bin:/bin"}, {"GREETING", "good day"}}, "/"};
  const auto captured = run_captured(command);
  ASSERT_TRUE(captured);
  EXPECT_TRUE(captured->outcome.success());
  EXPECT_THAT(captured->output, testing::AnyOf("GREETING=good day\nPATH=/usr/bin:/bin\n",
                                               "PATH=/usr/bin:/bin\nGREETING=good day\n"));
  command.argv = {"pwd"};
  command.directory = "/usr";
  EXPECT_EQ(run_captured(command)->output, "/usr\n");
}

TEST(ProcessRunner, TellsTheFourEndingsApart) {
  EXPECT_EQ(run_captured(child("closes-stdout"))->outcome.ending, Ending(Exited{3}));
  const auto crashed = run_captured(child("dies-by-sigsegv"));
  EXPECT_EQ(crashed->outcome.ending, Ending(Signaled{SIGSEGV}));
  EXPECT_EQ(crashed->output, "half a line");
  EXPECT_EQ(run_captured(child("sleeps", {"60000"}), Milliseconds{200})->outcome.ending,
            Ending(TimedOut{Milliseconds{200}}));
  EXPECT_EQ(run_captured(child("does-not-exist"))->outcome.ending,
            Ending(NotStarted{"No such file or directory"}));
  EXPECT_EQ(run_captured(Command{{"/etc/passwd"}, {}, "/"})->outcome.ending,
            Ending(NotStarted{"Permission denied"}));
  EXPECT_EQ(run_captured(Command{{"/bin/true"}, {}, "/does/not/exist"})->outcome.ending,
            Ending(NotStarted{"No such file or directory"}));
  EXPECT_EQ(run_captured(Command{{"true"}, {}, "/"})->outcome.ending,
            Ending(NotStarted{"No such file or directory"}))
      << "a name without PATH must not be found in the caller's PATH";
}

TEST(ProcessRunner, DoesNotHangWhenAGrandchildKeepsThePipe) {
  const auto before = steady_clock::now();
  const auto captured = run_captured(child("leaves-grandchild"));
  ASSERT_TRUE(captured);
  EXPECT_EQ(captured->outcome.ending, Ending(Exited{0}));
  EXPECT_LT(steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_FALSE(alive(std::stoi(captured->output))) << "the grandchild must not outlive the step";
}

TEST(ProcessRunner, KeepsEveryByteOfAFlood) {
  const auto captured = run_captured(child("floods-output", {"20"}));
  EXPECT_EQ(captured->output.size(), std::size_t{20} << 20);
}

TEST(ProcessRunner, CapturesAtMost64MiB) {
  EXPECT_EQ(run_captured(child("floods-output", {"66"}))->output.size(), std::size_t{64} << 20);
}

TEST(ProcessRunner, TimeoutKillsWhatIgnoresSigint) {
  const auto runner = make_process_runner();
  RunOptions options;
  options.timeout = Milliseconds{300};
  options.grace = Milliseconds{200};
  ASSERT_TRUE(runner->start(child("ignores-sigint"), options));
  const auto finished = finish(*runner);
  EXPECT_EQ(finished.outcome.ending, Ending(TimedOut{Milliseconds{300}}));
  EXPECT_GE(finished.outcome.usage.wall, Milliseconds{500}) << "SIGKILL came before the grace was over";
  EXPECT_LT(finished.outcome.usage.wall, Milliseconds{5000});
  EXPECT_FALSE(finished.outcome.interrupted);
}

TEST(ProcessRunner, StopAllAsksFirstAndMarksInterrupted) {
  const auto runner = make_process_runner();
  std::string output;
  RunOptions options;
  options.on_output = [&output](std::string_view text) { output += text; };
  ASSERT_TRUE(runner->start(child("sleeps", {"60000"}), options));
  while (output.empty()) ASSERT_TRUE(runner->wait(Milliseconds{50}));
  EXPECT_EQ(runner->running(), 1U);
  runner->stop_all();
  const auto finished = finish(*runner);
  EXPECT_EQ(finished.outcome.ending, Ending(Signaled{SIGINT}));
  EXPECT_TRUE(finished.outcome.interrupted);
  EXPECT_EQ(runner->running(), 0U);
}

TEST(ProcessRunner, WhatWasUsedBeforeAStopIsCounted) {
  const auto runner = make_process_runner();
  std::string output;
  RunOptions options;
  options.on_output = [&output](std::string_view text) { output += text; };
  ASSERT_TRUE(runner->start(child("loses-cpu", {"300"}), options));
  while (output.empty()) ASSERT_TRUE(runner->wait(Milliseconds{50}));
  runner->stop_all();
  const auto finished = finish(*runner);
  EXPECT_GE(finished.outcome.usage.user + finished.outcome.usage.system, Milliseconds{250});
}

TEST(ProcessRunner, InterruptFromAnotherThreadStopsEverything) {
  Interrupt interrupt;
  const auto runner = make_process_runner(&interrupt);
  ASSERT_TRUE(runner->start(child("sleeps", {"60000"}), {}));
  ASSERT_TRUE(runner->start(child("sleeps", {"60000"}), {}));
  std::thread user([&interrupt] {
    std::this_thread::sleep_for(Milliseconds{150});
    interrupt.request();
  });
  EXPECT_TRUE(finish(*runner).outcome.interrupted);
  EXPECT_TRUE(finish(*runner).outcome.interrupted);
  user.join();
}

TEST(ProcessRunner, InsistingSkipsTheGrace) {
  Interrupt interrupt;
  const auto runner = make_process_runner(&interrupt);
  RunOptions options;
  options.on_output = [&interrupt](std::string_view) {
    interrupt.request();
    interrupt.request();
  };
  ASSERT_TRUE(runner->start(child("ignores-sigint"), options));
  const auto finished = finish(*runner);
  EXPECT_EQ(finished.outcome.ending, Ending(Signaled{SIGKILL}));
  EXPECT_TRUE(finished.outcome.interrupted);
  EXPECT_LT(finished.outcome.usage.wall, Milliseconds{3000});
}

TEST(ProcessRunner, GivesEachOfSeveralChildrenItsOwnEnding) {
  const auto runner = make_process_runner();
  const auto slow = runner->start(child("sleeps", {"400"}), {});
  const auto quick = runner->start(child("dies-by-sigsegv"), {});
  const auto missing = runner->start(child("does-not-exist"), {});
  EXPECT_EQ(runner->running(), 3U);
  std::map<ProcessId, Ending> endings;
  for (int count = 0; count < 3; ++count) {
    const auto finished = finish(*runner);
    endings[finished.id] = finished.outcome.ending;
  }
  EXPECT_EQ(endings[*slow], Ending(Exited{0}));
  EXPECT_EQ(endings[*quick], Ending(Signaled{SIGSEGV}));
  EXPECT_EQ(endings[*missing], Ending(NotStarted{"No such file or directory"}));
}

TEST(ProcessRunner, WaitKeepsItsLimitWhenNothingHappens) {
  const auto runner = make_process_runner();
  ASSERT_TRUE(runner->start(child("sleeps", {"60000"}), {}));
  const auto before = steady_clock::now();
  const auto nothing = runner->wait(Milliseconds{200});
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
  EXPECT_GE(steady_clock::now() - before, Milliseconds{200});
  EXPECT_LT(steady_clock::now() - before, Milliseconds{3000});
}

TEST(ProcessRunner, ADestroyedRunnerLeavesNoProcess) {
  std::string output;
  {
    const auto runner = make_process_runner();
    RunOptions options;
    options.on_output = [&output](std::string_view text) { output += text; };
    ASSERT_TRUE(runner->start(
        Command{{"/bin/sh", "-c", "echo $$; exec sleep 60"}, {{"PATH", "/usr/bin:/bin"}}, "/"}, options));
    while (output.find('\n') == std::string::npos) ASSERT_TRUE(runner->wait(Milliseconds{50}));
    EXPECT_TRUE(alive(std::stoi(output)));
  }
  EXPECT_FALSE(alive(std::stoi(output)));
}

TEST(ProcessRunner, CountsWhatAnOrphanOfTheGroupUsed) {
  const auto captured = run_captured(child("burns-cpu", {"300", "200"}));
  ASSERT_TRUE(captured);
  EXPECT_TRUE(captured->outcome.success());
  const Usage& usage = captured->outcome.usage;
  EXPECT_GE(usage.user + usage.system, Milliseconds{290});
  EXPECT_LT(usage.user + usage.system, Milliseconds{5000});
  EXPECT_GE(usage.peak_bytes, std::uint64_t{200} << 20);
  EXPECT_LT(usage.peak_bytes, std::uint64_t{2000} << 20);
}

TEST(ProcessRunner, AppendsToTheLogAndReportsAFullDisk) {
  const TemporaryDirectory directory;
  const auto log = directory.path() / "log";
  for (int run = 0; run < 2; ++run) {
    const auto runner = make_process_runner();
    RunOptions options;
    options.log_file = log;
    ASSERT_TRUE(runner->start(child("dies-by-sigsegv"), options));
    finish(*runner);
  }
  EXPECT_EQ(*read_file(log), "half a linehalf a line");

  const auto runner = make_process_runner();
  RunOptions options;
  options.log_file = "/dev/full";
  ASSERT_TRUE(runner->start(child("dies-by-sigsegv"), options));
  auto finished = runner->wait(Milliseconds{5000});
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::missing);
  EXPECT_EQ(finished.error().message, "cannot write log /dev/full: No space left on device");
  EXPECT_EQ(finish(*runner).outcome.ending, Ending(Signaled{SIGSEGV}));

  options.log_file = "/does/not/exist/log";
  const auto refused = runner->start(child("sleeps"), options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("/does/not/exist/log"));
}

// flock(2): a lock lasts as long as any copy of the descriptor it was taken through.
TEST(ProcessRunner, AnInheritedLockStaysHeldWhileTheChildRuns) {
  const TemporaryDirectory folder;
  const auto file = folder.path() / "lock";
  const auto held_without_its_owner = [&file](bool inherited) {
    const auto runner = make_process_runner();
    auto lock = FileLock::try_acquire(file).value();
    RunOptions options;
    if (inherited) options.inherited = lock->descriptor();
    EXPECT_TRUE(runner->start(child("sleeps", {"60000"}), options));
    lock.reset();
    return !FileLock::try_acquire(file).value().has_value();
  };
  EXPECT_TRUE(held_without_its_owner(true));
  EXPECT_FALSE(held_without_its_owner(false)) << "nor does the child before it hold it any more";
}

TEST(ProcessRunner, AChildFindsOnlyTheInheritedDescriptor) {
  const TemporaryDirectory folder;
  const auto file = folder.path() / "lock";
  const auto seen = [&](int inherited) {
    std::string output;
    RunOptions options;
    options.on_output = [&output](std::string_view text) { output += text; };
    options.inherited = inherited;
    const Command command{
        {"/bin/sh", "-c", "readlink /proc/self/fd/3; test -e /proc/self/fd/4 && echo more; echo end"},
        {{"PATH", "/usr/bin:/bin"}},
        "/"};
    const auto runner = make_process_runner();
    EXPECT_TRUE(runner->start(command, options));
    finish(*runner);
    return output;
  };
  const auto lock = FileLock::try_acquire(file).value();
  EXPECT_EQ(seen(lock->descriptor()), file.string() + "\nend\n");
  EXPECT_EQ(seen(-1), "end\n");
}

TEST(ProcessRunner, HasNoTerminalAndNoInput) {
  const Command command{
      {"/bin/sh", "-c", "cat; test -e /dev/tty && (: </dev/tty) 2>&1"}, {{"PATH", "/bin"}}, "/"};
  const auto captured = run_captured(command);
  EXPECT_FALSE(captured->outcome.success());
  EXPECT_THAT(captured->output, HasSubstr("/dev/tty"));
}

TEST(FindProgram, TakesTheFirstExecutableOfThePath) {
  EXPECT_EQ(find_program("env", "/does/not/exist:/usr/bin:/bin"), std::filesystem::path("/usr/bin/env"));
  EXPECT_EQ(find_program("passwd", "/etc"), std::nullopt) << "not executable";
  EXPECT_EQ(find_program("bin", "/usr"), std::nullopt) << "a folder";
  EXPECT_EQ(find_program("env", ""), std::nullopt);
}

}  // namespace
}  // namespace ortforge

// Several processes with one record, and processes that are killed.
#include <functional>
#include <iostream>

#include "support/temporary_directory.hpp"
#include "unit/record/database_fixture.hpp"
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ortforge/record/database.hpp"

namespace ortforge {
namespace {

class DatabaseProcesses : public testing::Test {
 protected:
  // Runs `body` in a child process; its value is the exit code.
  static pid_t child(const std::function<int()>& body) {
    const pid_t process = ::fork();
    if (process == 0) ::_exit(body());
    return process;
  }
  static int exit_code(pid_t process) {
    int status = 0;
    EXPECT_EQ(::waitpid(process, &status, 0), process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  // A child that says it is ready (one byte) and then waits to be killed.
  static pid_t waiting_child(const std::function<bool()>& body) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t process = child([&] {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::close(ends[0]);
      const char ready = body() ? 'y' : 'n';
      if (::write(ends[1], &ready, 1) != 1) return 1;
      while (true) ::pause();
      return 0;
    });
    ::close(ends[1]);
    char ready = 0;
    EXPECT_EQ(::read(ends[0], &ready, 1), 1);
    EXPECT_EQ(ready, 'y');
    ::close(ends[0]);
    return process;
  }
  static void kill_and_wait(pid_t process) {
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    EXPECT_EQ(exit_code(process), 1000 + SIGKILL);
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "state.db";
};

TEST_F(DatabaseProcesses, ManyMakeAndWriteItAtOnce) {
  constexpr int kProcesses = 4;
  constexpr int kSteps = 25;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(child([&] {
      auto database = Database::open(file_);
      if (!database) std::cerr << database.error().message << "\n";
      if (!database) return 1;
      const auto run = (*database)->begin_run(some_run());
      if (!run) return 2;
      for (int n = 0; n < kSteps; ++n) {
        if (!(*database)->add_step(some_step(*run, "core", "built"))) return 3;
      }
      return (*database)->finish_run(*run, "succeeded", 1) ? 0 : 4;
    }));
  }
  for (const pid_t process : children) EXPECT_EQ(exit_code(process), 0);
  auto database = Database::open(file_).value();
  const auto runs = database->runs(100).value();
  ASSERT_EQ(runs.size(), static_cast<std::size_t>(kProcesses));
  for (const RunRecord& run : runs) {
    EXPECT_EQ(run.result, "succeeded");
    EXPECT_EQ(database->steps_of_run(run.id).value().size(), static_cast<std::size_t>(kSteps));
  }
}

TEST_F(DatabaseProcesses, AKilledRunIsToldFromARunningOne) {
  const pid_t process = waiting_child([&] {
    auto* database = Database::open(file_).value().release();  // lives until the process is killed
    return database->begin_run(some_run()).has_value();
  });
  auto database = Database::open(file_).value();
  EXPECT_EQ(database->run(1).value()->result, "") << "its process lives";
  EXPECT_EQ(Database::open_existing(file_).value()->run(1).value()->result, "") << "readers see it as well";
  kill_and_wait(process);
  EXPECT_EQ(database->run(1).value()->result, "killed");
  EXPECT_EQ(Database::open_existing(file_).value()->runs(1).value().at(0).result, "killed");
  EXPECT_EQ(database->begin_run(some_run()).value(), 2);
  EXPECT_EQ(database->run(2).value()->result, "") << "one's own run is running";
}

TEST_F(DatabaseProcesses, AProcessKilledInsideATransactionLeavesNothingHalf) {
  {
    auto database = Database::open(file_).value();
    const std::int64_t run = database->begin_run(some_run()).value();
    ASSERT_TRUE(database->add_step(some_step(run, "core", "built")));
  }
  const pid_t process = waiting_child([&] {
    auto* database = new SQLite::Database(file_.string(), SQLite::OPEN_READWRITE);
    database->exec("PRAGMA cache_size = 1; BEGIN IMMEDIATE");
    for (int i = 0; i < 1000; ++i) {
      database->exec("INSERT INTO artefacts VALUES (1, " + std::to_string(i + 10) +
                     ", hex(zeroblob(500)), 1, '')");
    }
    return true;
  });
  EXPECT_GT(std::filesystem::file_size(file_.string() + "-wal"), 500000U)
      << "pages of the transaction are on disk";
  kill_and_wait(process);
  auto database = Database::open(file_).value();
  const auto steps = database->steps_of_run(1).value();
  ASSERT_EQ(steps.size(), 1U);
  StepRecord wanted = some_step(1, "core", "built");
  wanted.id = 1;
  EXPECT_TRUE(same(steps[0], wanted));
  EXPECT_TRUE(database->add_step(wanted)) << "and the lock went with the process";
  EXPECT_EQ(SQLite::Database(file_.string()).execAndGet("PRAGMA integrity_check").getString(), "ok");
}

TEST_F(DatabaseProcesses, KillsAtRandomMomentsLoseNothingThatWasSaid) {
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t process = child([&] {
      auto database = Database::open(file_).value();
      const std::int64_t run = database->begin_run(some_run()).value();
      while (true) {
        const std::int64_t id = database->add_step(some_step(run, "core", "built")).value();
        if (::write(ends[1], &id, sizeof id) != sizeof id) return 1;
      }
    });
    ::close(ends[1]);
    std::int64_t last = 0;
    ASSERT_EQ(::read(ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    ::usleep(static_cast<useconds_t>(700 * round));
    kill_and_wait(process);
    for (std::int64_t id = 0; ::read(ends[0], &id, sizeof id) == static_cast<ssize_t>(sizeof id);) last = id;
    ::close(ends[0]);
    auto database = Database::open(file_).value();
    const auto newest = database->runs(1).value().at(0);
    EXPECT_EQ(newest.result, "killed");
    const auto steps = database->steps_of_run(newest.id).value();
    ASSERT_FALSE(steps.empty());
    EXPECT_GE(steps.back().id, last) << "a step that was acknowledged is on record";
    for (const StepRecord& step : steps) EXPECT_EQ(step.artefacts.size(), 2U) << "and whole";
  }
}

}  // namespace
}  // namespace ortforge

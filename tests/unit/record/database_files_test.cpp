// Files that are not what the record expects, and homes that cannot be written.
#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "unit/record/database_fixture.hpp"
#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/record/database.hpp"
#include "ortforge/record/schema.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// Gives this process mounts that others do not see. A user without rights needs a user namespace for that, in
// which the own number must be known, or no file could be made in a new file system.
bool has_mounts_of_its_own() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0) return false;
  if (user != 0) {
    const auto write = [](const char* file, const std::string& text) {
      std::ofstream stream(file);
      stream << text;
      return static_cast<bool>(stream.flush());
    };
    if (!write("/proc/self/setgroups", "deny") ||
        !write("/proc/self/uid_map", fmt::format("{0} {0} 1", user)) ||
        !write("/proc/self/gid_map", fmt::format("{0} {0} 1", group))) {
      return false;
    }
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

class DatabaseFiles : public testing::Test {
 protected:
  void sql(const std::string& text) {
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(text);
  }
  Error open_error() {
    const auto database = Database::open(file_);
    return database ? Error{ErrorKind::internal, "opened", {}} : database.error();
  }
  TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "state.db";
};

constexpr const char* kMoveAway =
    "move the file away; ortforge then makes a new one, and only the history is lost";

TEST_F(DatabaseFiles, NoneYet) {
  const auto database = Database::open_existing(file_);
  ASSERT_TRUE(database);
  EXPECT_EQ(*database, nullptr);
  EXPECT_FALSE(fs::exists(file_)) << "looking makes nothing";
}

TEST_F(DatabaseFiles, AFileThatIsNoDatabase) {
  ASSERT_TRUE(write_file(file_, std::string(8192, 'x')));
  const Error wanted{ErrorKind::bad_input,
                     file_.string() + ": not a record of ortforge: file is not a database", kMoveAway};
  EXPECT_EQ(open_error(), wanted);
  EXPECT_EQ(Database::open_existing(file_).error(), wanted);
  EXPECT_EQ(read_file(file_).value(), std::string(8192, 'x')) << "left as it was";
}

TEST_F(DatabaseFiles, ADatabaseOfAnotherProgram) {
  sql("CREATE TABLE bookmarks (url TEXT)");
  const std::string before = read_file(file_).value();
  const Error wanted{ErrorKind::bad_input,
                     file_.string() + ": a database of another program, not a record of ortforge",
                     "choose another home (--home or ORTFORGE_HOME), or move the file away"};
  EXPECT_EQ(open_error(), wanted);
  EXPECT_EQ(Database::open_existing(file_).error(), wanted);
  EXPECT_EQ(read_file(file_).value(), before) << "left as it was";
}

TEST_F(DatabaseFiles, ANewerFormat) {
  ASSERT_TRUE(Database::open(file_));
  sql("PRAGMA user_version = 99");
  const Error wanted{ErrorKind::bad_input,
                     file_.string() + ": made by a newer ortforge (record format 99, this one reads up to 4)",
                     "use that ortforge, or choose another home (--home or ORTFORGE_HOME)"};
  EXPECT_EQ(open_error(), wanted);
  EXPECT_EQ(Database::open_existing(file_).error(), wanted);
}

TEST_F(DatabaseFiles, DamagedPages) {
  {
    auto database = Database::open(file_).value();
    const std::int64_t run = database->begin_run(some_run()).value();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(database->add_step(some_step(run, "core", "built")));
  }
  const auto size = fs::file_size(file_);
  std::fstream(file_, std::ios::in | std::ios::out | std::ios::binary).seekp(4096)
      << std::string(size - 4096, '\x5A');
  auto database = Database::open(file_);
  const Error found = database ? (*database)->steps_of_run(1).error() : database.error();
  EXPECT_EQ(found,
            (Error{ErrorKind::bad_input,
                   file_.string() + ": the record is damaged: database disk image is malformed", kMoveAway}));
}

TEST_F(DatabaseFiles, DamagedTexts) {
  auto database = Database::open(file_).value();
  const std::int64_t run = database->begin_run(some_run()).value();
  ASSERT_TRUE(database->add_step(some_step(run, "core", "built")));
  sql("UPDATE steps SET ending = 'vanished'");
  EXPECT_EQ(database->steps_of_run(run).error().message,
            file_.string() +
                ": steps row 1: ending: expected 'not started', 'exited', 'signalled' or 'timed out', "
                "found 'vanished'");
  sql("UPDATE runs SET host = '{\"cores\": 2}'");
  EXPECT_EQ(database->run(run).error().message,
            file_.string() + ": runs row 1 host: $.cores: expected a string, found an integer");
}

TEST_F(DatabaseFiles, AHomeThatCannotBeMade) {
  ASSERT_TRUE(write_file(directory_.path() / "taken", "a file where the home should be"));
  const auto database = Database::open(directory_.path() / "taken" / "state.db");
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().kind, ErrorKind::missing);
}

TEST_F(DatabaseFiles, AFolderInPlaceOfTheFile) {
  fs::create_directories(file_);
  EXPECT_EQ(open_error(),
            (Error{ErrorKind::missing,
                   file_.string() + ": cannot be opened or written: unable to open database file",
                   "make the folder writable, or choose another home (--home or ORTFORGE_HOME)"}));
}

// In a child with a mount of its own: the home is read-only even for root.
TEST_F(DatabaseFiles, AReadOnlyHomeCanBeReadAndSaysSoWhenWritten) {
  {
    auto database = Database::open(file_).value();
    ASSERT_TRUE(database->begin_run(some_run()));
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string path = directory_.path().string();
    if (!has_mounts_of_its_own() || ::mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(nullptr, path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
      ::_exit(77);
    }
    const Error error = open_error();
    if (error.kind != ErrorKind::missing) ::_exit(1);
    if (error.message != path + ": cannot be written: Read-only file system") ::_exit(2);
    const auto reader = Database::open_existing(file_);
    if (!reader || *reader == nullptr) ::_exit(4);
    const auto runs = (*reader)->runs(10);
    if (!runs || runs->size() != 1) ::_exit(5);
    ::_exit((*reader)->begin_run(some_run()) ? 6 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "this machine allows no mounts of one's own";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(DatabaseFiles, AFullDiskSaysSo) {
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string path = directory_.path().string();
    if (!has_mounts_of_its_own() || ::mount("none", path.c_str(), "tmpfs", 0, "size=400k") != 0) {
      ::_exit(77);
    }
    auto database = Database::open(file_);
    if (!database) ::_exit(1);
    auto run = (*database)->begin_run(some_run());
    if (!run) ::_exit(2);
    for (int i = 0; i < 2000; ++i) {
      const auto step = (*database)->add_step(some_step(*run, "core", "built"));
      if (step) continue;
      const bool told =
          step.error().kind == ErrorKind::missing &&
          step.error().message == file_.string() + ": cannot be written: database or disk is full";
      // What was on record before is still there.
      const auto steps = (*database)->steps_of_run(*run);
      ::_exit(told && steps && steps->size() == static_cast<std::size_t>(i) ? 0 : 3);
    }
    ::_exit(4);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "this machine allows no mounts of one's own";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(DatabaseFiles, OlderFormatsBecomeThePresentOne) {
  const std::vector<std::string> first{"CREATE TABLE a (x)"};
  const std::vector<std::string> second{"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 7"};
  SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  ASSERT_TRUE(migrate_record(database, first));
  database.exec("INSERT INTO a VALUES (1)");
  EXPECT_EQ(record_format(database, second).value(), 1);
  ASSERT_TRUE(migrate_record(database, second));
  ASSERT_TRUE(migrate_record(database, second)) << "again changes nothing";
  EXPECT_EQ(database.execAndGet("SELECT y FROM a").getInt(), 7);
  EXPECT_EQ(record_format(database, first).error().kind, ErrorKind::bad_input)
      << "and the older ortforge refuses it";
}

// A record as ortforge 0.1.0 made it, with one step.
class FirstFormat : public DatabaseFiles {
 protected:
  FirstFormat() {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    EXPECT_TRUE(migrate_record(database, {record_migrations().front()}));
    database.exec(
        "INSERT INTO runs VALUES (1, '[]', '0.1.0', 1, 2, 'succeeded', '{}', '', 1);"
        "INSERT INTO steps VALUES (1, 1, 'k', 'core', '', 'core-cpu', 'demo', 'main', 'host', '', 'built', "
        "'', "
        "'exited', 0, '', 5, 6, 7, 8, 1, 2, '', '', '{}')");
  }

  static void expect_its_step(Database& database) {
    const auto found = database.last_measured("core-cpu");
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_TRUE(*found);
    EXPECT_EQ((*found)->usage.user, Milliseconds{6});
    EXPECT_EQ((*found)->cache, CacheUse{});
  }
};

TEST_F(FirstFormat, CanBeReadAsItIs) {
  const std::string before = read_file(file_).value();
  {
    const auto reader = Database::open_existing(file_).value();
    ASSERT_TRUE(reader);
    expect_its_step(*reader);
  }
  EXPECT_EQ(read_file(file_).value(), before);
}

TEST_F(FirstFormat, LearnsOfTheCompilerCache) {
  const auto database = Database::open(file_).value();
  expect_its_step(*database);
  StepRecord step = some_step(1, "core", "built");
  step.cache = {3, 4};
  step.id = database->add_step(step).value();
  EXPECT_TRUE(same(database->steps_of_run(1).value().at(1), step));
}

// Of the second format: with a test that ran on a GPU, as `ortforge test` recorded it, and one of a build.
TEST_F(FirstFormat, LearnsHowMuchWasTested) {
  {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    ASSERT_TRUE(migrate_record(database, {record_migrations()[0], record_migrations()[1]}));
    database.exec(
        "INSERT INTO steps SELECT 2, run_id, 'gpu', 'test', 'test', scope, product, branch, environment, "
        "environment_digest, status, '41 passed, 3 skipped', ending, ending_number, ending_text, wall_ms, "
        "user_ms, system_ms, peak_bytes, started_ms, finished_ms, log, output_digest, tools, 0, 0 FROM steps;"
        "UPDATE steps SET role = 'test', reason = 'no output in the store' WHERE id = 1");
  }
  const auto tested = [](Database& database) {
    std::vector<std::string> words;
    const auto steps = database.steps_of_run(1);
    EXPECT_TRUE(steps) << steps.error().message;
    for (const StepRecord& step : steps.value_or(std::vector<StepRecord>())) words.push_back(step.tested);
    return words;
  };
  {
    const auto reader = Database::open_existing(file_).value();
    ASSERT_TRUE(reader);
    EXPECT_EQ(tested(*reader), (std::vector<std::string>{"", ""})) << "read as it is";
  }
  const auto database = Database::open(file_).value();
  EXPECT_EQ(tested(*database), (std::vector<std::string>{"", "full"}));
  StepRecord step = some_step(1, "test", "reused");
  step.tested = kTestedOnCpu;
  step.key = "gpu";
  ASSERT_TRUE(database->add_step(step));
  EXPECT_EQ(database->variant_states().value().at(0).last_status, "tested");
}

// Of the third format: steps had no paths of Nix.
TEST_F(FirstFormat, LearnsOfNix) {
  {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    const auto& all = record_migrations();
    ASSERT_TRUE(migrate_record(database, {all[0], all[1], all[2]}));
  }
  {
    const auto reader = Database::open_existing(file_).value();
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->steps_of_run(1).value().at(0).derivation, "") << "read as it is";
  }
  const auto database = Database::open(file_).value();
  expect_its_step(*database);
  StepRecord step = some_step(1, "nix", "built");
  step.id = database->add_step(step).value();
  EXPECT_TRUE(same(database->steps_of_run(1).value().at(1), step));
  EXPECT_EQ(database->steps_of_run(1).value().at(1).derivation, "/nix/store/d-nix.drv");
}

TEST_F(DatabaseFiles, AFailedMigrationLeavesTheOldFormat) {
  const std::vector<std::string> broken{"CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"};
  SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  EXPECT_THROW(static_cast<void>(migrate_record(database, broken)), SQLite::Exception);
  EXPECT_EQ(record_format(database, broken).value(), 1);
  EXPECT_FALSE(database.tableExists("b"));
}

}  // namespace
}  // namespace ortforge

#include "sqlite.hpp"

#include <cerrno>
#include <system_error>

#include <sqlite3.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/record/schema.hpp"

namespace ortforge::record_detail {
namespace {

constexpr int kBusyMilliseconds = 30000;
constexpr const char* kMoveAway =
    "move the file away; ortforge then makes a new one, and only the history is lost";

constexpr const char* kMakeWritable =
    "make the folder writable, or choose another home (--home or ORTFORGE_HOME)";

// A file name as SQLite's URI (https://www.sqlite.org/uri.html): '%', '?' and '#' are escaped.
std::string uri_of(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      uri += c;
    }
  }
  return uri;
}

// Turning a fresh file into WAL mode may answer "busy" without waiting when two processes do it at once; the
// journal mode is a property of the file, so whoever loses finds it set.
void use_write_ahead_log(SQLite::Database& database) {
  for (int attempt = 0;; ++attempt) {
    try {
      database.execAndGet("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_BUSY || attempt == 100) throw;
      sqlite3_sleep(10);
    }
  }
}

}  // namespace

Error explain(const SQLite::Exception& exception, const std::string& file) {
  const std::string what = exception.what();
  switch (exception.getErrorCode()) {
    case SQLITE_NOTADB:
      return {ErrorKind::bad_input, fmt::format("{}: not a record of ortforge: {}", file, what), kMoveAway};
    case SQLITE_CORRUPT:
      return {ErrorKind::bad_input, fmt::format("{}: the record is damaged: {}", file, what), kMoveAway};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::missing,
              fmt::format("{}: another process has held the record for more than {} s", file,
                          kBusyMilliseconds / 1000),
              "wait until it is done, and try again"};
    case SQLITE_FULL:
      return {
          ErrorKind::missing, fmt::format("{}: cannot be written: {}", file, what),
          "make space on its file system (ortforge gc), or choose another home (--home or ORTFORGE_HOME)"};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
      return {ErrorKind::missing, fmt::format("{}: cannot be opened or written: {}", file, what),
              kMakeWritable};
    default:
      return {ErrorKind::internal, fmt::format("{}: {}", file, what), {}};
  }
}

SQLite::Statement& Connection::statement(const char* sql) {
  const auto found = statements_.find(std::string_view(sql));
  if (found != statements_.end()) return found->second;
  return statements_.emplace(sql, SQLite::Statement(database_, sql)).first->second;
}

Result<std::unique_ptr<Connection>> open_writer(const std::filesystem::path& file) {
  ORTFORGE_CHECK(make_directories(file.parent_path()));
  // SQLite would only say that it cannot open the file.
  if (::access(file.parent_path().c_str(), W_OK) != 0) {
    return fail_with_hint(ErrorKind::missing,
                          fmt::format("{}: cannot be written: {}", file.parent_path().string(),
                                      std::generic_category().message(errno)),
                          kMakeWritable);
  }
  auto connection = std::make_unique<Connection>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                 kBusyMilliseconds);
  // A file of another program is refused before anything in it changes.
  ORTFORGE_CHECK(record_format(connection->database(), record_migrations()));
  use_write_ahead_log(connection->database());
  connection->database().exec("PRAGMA synchronous = NORMAL");
  connection->database().exec("PRAGMA foreign_keys = ON");
  ORTFORGE_CHECK(migrate_record(connection->database(), record_migrations()));
  return connection;
}

Result<std::unique_ptr<Connection>> open_reader(const std::filesystem::path& file) {
  std::unique_ptr<Connection> connection;
  try {
    connection = std::make_unique<Connection>(file.string(), SQLite::OPEN_READONLY, kBusyMilliseconds);
    ORTFORGE_CHECK(record_format(connection->database(), record_migrations()));
  } catch (const SQLite::Exception& exception) {
    // A database in WAL mode needs its -shm file. Where that cannot be made and no process writes (no -wal
    // file is left), the database is complete in itself and can be read as immutable
    // (https://www.sqlite.org/wal.html, 5).
    const int code = exception.getErrorCode();
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) throw;
    if (std::filesystem::exists(file.string() + "-wal")) throw;
    connection = std::make_unique<Connection>(uri_of(file) + "?immutable=1",
                                              SQLite::OPEN_READONLY | SQLite::OPEN_URI, kBusyMilliseconds);
    ORTFORGE_CHECK(record_format(connection->database(), record_migrations()));
  }
  return connection;
}

}  // namespace ortforge::record_detail

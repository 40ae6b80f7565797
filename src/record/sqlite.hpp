// SQLite's exceptions turned into errors, and statements that are compiled once. Inner header of `record`.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <type_traits>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include "ortforge/base/result.hpp"

namespace ortforge::record_detail {

// What a failure of SQLite means: bad_input for a damaged or foreign file, missing for rights, space and
// locks held too long, internal otherwise. The message names the file.
Error explain(const SQLite::Exception& exception, const std::string& file);

// Runs `body` (which gives a Result) and turns SQLite's exceptions into errors.
template <class Body>
std::invoke_result_t<Body> guarded(const std::string& file, Body&& body) {
  try {
    return body();
  } catch (const SQLite::Exception& exception) {
    return pass_on(explain(exception, file));
  }
}

// A statement in use; it is reset at the end of the scope, so that no read transaction stays open.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() {
    statement_.tryReset();
    statement_.clearBindings();
  }
  SQLite::Statement* operator->() { return &statement_; }
  SQLite::Statement& operator*() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

// One open database with its compiled statements. Used by one thread at a time.
class Connection {
 public:
  Connection(const std::string& name, int flags, int busy_ms) : database_(name, flags, busy_ms) {}

  SQLite::Database& database() { return database_; }
  // The statement for a SQL text, compiled at its first use.
  SQLite::Statement& statement(const char* sql);

 private:
  SQLite::Database database_;
  std::map<std::string, SQLite::Statement, std::less<>> statements_;
};

// Opens a database to read and write; makes it and its folder. SQLite::Exception from SQLite.
Result<std::unique_ptr<Connection>> open_writer(const std::filesystem::path& file);

// Opens an existing database to read, also in a folder that cannot be written. SQLite::Exception from SQLite.
Result<std::unique_ptr<Connection>> open_reader(const std::filesystem::path& file);

}  // namespace ortforge::record_detail

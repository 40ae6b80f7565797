// The tables of the record and how older ones become the present ones.
#pragma once

#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>

#include "ortforge/base/result.hpp"

namespace ortforge {

// "OFRG": marks a SQLite file as a record of ortforge (PRAGMA application_id, SQLite file format, offset 68).
inline constexpr int kRecordApplication = 0x4F465247;

// SQL scripts; script i takes a database from format i to format i + 1 (PRAGMA user_version). A script that
// has been released is never changed, only followed by another.
const std::vector<std::string>& record_migrations();

// The format of an open database: 0 for an empty file. Changes nothing.
// Errors: bad_input for a database of another program or one newer than `migrations`.
Result<int> record_format(SQLite::Database& database, const std::vector<std::string>& migrations);

// Lets a reader see a record of an older format (not 0) with the columns of the newest; the file stays as it
// is. SQLite::Exception from SQLite itself.
void show_as_newest(SQLite::Database& database, int format);

// Brings an open database to the newest format: one transaction per script, so that a process that is killed
// leaves a whole format; several processes may do it at once. Errors: as record_format; SQLite::Exception
// from SQLite itself.
Result<void> migrate_record(SQLite::Database& database, const std::vector<std::string>& migrations);

}  // namespace ortforge

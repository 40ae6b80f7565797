#include "ortforge/record/schema.hpp"

#include <array>

#include <SQLiteCpp/Transaction.h>

namespace ortforge {
namespace {

constexpr const char* kFirstFormat = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  command_line TEXT NOT NULL,
  ortforge_version TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER NOT NULL,
  result TEXT NOT NULL,
  host TEXT NOT NULL,
  matrix_revision TEXT NOT NULL,
  matrix_clean INTEGER NOT NULL
);
CREATE TABLE steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  scope TEXT NOT NULL,
  product TEXT NOT NULL,
  branch TEXT NOT NULL,
  environment TEXT NOT NULL,
  environment_digest TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  ending TEXT NOT NULL,
  ending_number INTEGER NOT NULL,
  ending_text TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  user_ms INTEGER NOT NULL,
  system_ms INTEGER NOT NULL,
  peak_bytes INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER NOT NULL,
  log TEXT NOT NULL,
  output_digest TEXT NOT NULL,
  tools TEXT NOT NULL
);
CREATE INDEX steps_by_run ON steps(run_id);
CREATE INDEX steps_by_key ON steps(key);
CREATE INDEX steps_by_scope ON steps(scope, status);
CREATE TABLE step_variants (
  step_id INTEGER NOT NULL REFERENCES steps(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  variant TEXT NOT NULL,
  PRIMARY KEY (step_id, position)
) WITHOUT ROWID;
CREATE INDEX step_variants_by_variant ON step_variants(variant, step_id);
CREATE TABLE artefacts (
  step_id INTEGER NOT NULL REFERENCES steps(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (step_id, position)
) WITHOUT ROWID;
CREATE TABLE object_costs (
  scope TEXT NOT NULL,
  object TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  PRIMARY KEY (scope, object)
) WITHOUT ROWID;
CREATE TABLE variant_states (
  variant TEXT NOT NULL,
  branch TEXT NOT NULL,
  product TEXT NOT NULL,
  built INTEGER NOT NULL,
  tested INTEGER NOT NULL,
  last_run INTEGER NOT NULL,
  last_status TEXT NOT NULL,
  last_ms INTEGER NOT NULL,
  PRIMARY KEY (variant, branch)
) WITHOUT ROWID;
)sql";

// What the compiler cache did for a step; unknown, and so nothing, for the steps that are there.
constexpr const char* kCacheUse = R"sql(
ALTER TABLE steps ADD COLUMN cache_hits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN cache_misses INTEGER NOT NULL DEFAULT 0;
)sql";

// How much the tests of a step tested. Of the steps that are there, those of `ortforge test` tell it by what
// they are: they are "built" only where all that the variant needs ran.
constexpr const char* kTested = R"sql(
ALTER TABLE steps ADD COLUMN tested TEXT NOT NULL DEFAULT '';
UPDATE steps SET tested = 'full'
  WHERE role = 'test' AND status = 'built' AND reason GLOB '[0-9]* passed, [0-9]* skipped';
)sql";

// Steps that Nix built.
constexpr const char* kNixPaths = R"sql(
ALTER TABLE steps ADD COLUMN derivation TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN store_path TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace

const std::vector<std::string>& record_migrations() {
  static const std::vector<std::string> migrations{kFirstFormat, kCacheUse, kTested, kNixPaths};
  return migrations;
}

Result<int> record_format(SQLite::Database& database, const std::vector<std::string>& migrations) {
  // In this order: another process may be making the tables just now, and marks the file in the same
  // transaction.
  const int tables = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt();
  const int application = database.execAndGet("PRAGMA application_id").getInt();
  const int format = database.execAndGet("PRAGMA user_version").getInt();
  if (application != kRecordApplication && (application != 0 || tables != 0)) {
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("{}: a database of another program, not a record of ortforge", database.getFilename()),
        "choose another home (--home or ORTFORGE_HOME), or move the file away");
  }
  if (format > static_cast<int>(migrations.size())) {
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("{}: made by a newer ortforge (record format {}, this one reads up to {})",
                    database.getFilename(), format, migrations.size()),
        "use that ortforge, or choose another home (--home or ORTFORGE_HOME)");
  }
  return format;
}

void show_as_newest(SQLite::Database& database, int format) {
  static constexpr std::array kAdded{", 0 AS cache_hits, 0 AS cache_misses", ", '' AS tested",
                                     ", '' AS derivation, '' AS store_path"};
  std::string added;  // by the formats after this one
  for (auto i = static_cast<std::size_t>(format - 1); i < kAdded.size(); ++i) added += kAdded[i];
  if (added.empty()) return;
  // Views of a connection's own stand before tables, also where the file cannot be written.
  database.exec("PRAGMA temp_store = MEMORY");
  database.exec(fmt::format("CREATE TEMP VIEW steps AS SELECT *{} FROM main.steps", added));
}

Result<void> migrate_record(SQLite::Database& database, const std::vector<std::string>& migrations) {
  while (true) {
    ORTFORGE_TRY(const int seen, record_format(database, migrations));
    if (seen == static_cast<int>(migrations.size())) return {};
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    // Another process may have been faster between the look above and the lock.
    ORTFORGE_TRY(const int format, record_format(database, migrations));
    if (format < static_cast<int>(migrations.size())) {
      database.exec(migrations[static_cast<std::size_t>(format)]);
      database.exec(fmt::format("PRAGMA application_id = {}", kRecordApplication));
      database.exec(fmt::format("PRAGMA user_version = {}", format + 1));
    }
    transaction.commit();
  }
}

}  // namespace ortforge

// Rows of the record as types, and back. Inner header of `record`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include "ortforge/build/recorder.hpp"

namespace ortforge::record_detail {

// Columns in the order that the readers and writers below use.
inline constexpr const char* kRunColumns =
    "id, command_line, ortforge_version, started_ms, finished_ms, result, host, matrix_revision, "
    "matrix_clean";
inline constexpr const char* kStepColumns =
    "id, run_id, key, name, role, scope, product, branch, environment, environment_digest, status, reason, "
    "ending, "
    "ending_number, ending_text, wall_ms, user_ms, system_ms, peak_bytes, started_ms, finished_ms, log, "
    "output_digest, "
    "tools, cache_hits, cache_misses, tested, derivation, store_path";

// Texts for the JSON columns; bytes that are no UTF-8 are replaced by U+FFFD.
std::string json_text(const std::vector<std::string>& values);
std::string json_text(const std::map<std::string, std::string>& values);

// Binds all columns but the id, from parameter 1 on.
void bind_run(SQLite::Statement& statement, const RunRecord& run);
void bind_step(SQLite::Statement& statement, const StepRecord& step);

// Reads the present row. Error: bad_input when a JSON column is damaged, naming file, table, row and column.
Result<RunRecord> read_run(SQLite::Statement& statement, const std::string& file);
// Without variants and artefacts.
Result<StepRecord> read_step(SQLite::Statement& statement, const std::string& file);

}  // namespace ortforge::record_detail

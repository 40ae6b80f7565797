#include "rows.hpp"

#include <limits>

#include "ortforge/base/json_reader.hpp"

namespace ortforge::record_detail {
namespace {

std::int64_t signed_of(std::uint64_t value) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(value < kMost ? value : kMost);
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// An ending as kind, number and text.
struct EndingColumns {
  std::string kind;
  std::int64_t number = 0;
  std::string text;
};

struct EndingWriter {
  EndingColumns operator()(const NotStarted& ending) const { return {"not started", 0, ending.reason}; }
  EndingColumns operator()(const Exited& ending) const { return {"exited", ending.code, {}}; }
  EndingColumns operator()(const Signaled& ending) const { return {"signalled", ending.signal, {}}; }
  EndingColumns operator()(const TimedOut& ending) const { return {"timed out", ending.limit.count(), {}}; }
};

Result<Ending> ending_of(const EndingColumns& columns, const std::string& origin) {
  if (columns.kind == "not started") return NotStarted{columns.text};
  if (columns.kind == "exited") return Exited{static_cast<int>(columns.number)};
  if (columns.kind == "signalled") return Signaled{static_cast<int>(columns.number)};
  if (columns.kind == "timed out") return TimedOut{Milliseconds{columns.number}};
  return fail(ErrorKind::bad_input,
              "{}: ending: expected 'not started', 'exited', 'signalled' or 'timed out', found '{}'", origin,
              columns.kind);
}

Result<std::vector<std::string>> texts_of(const std::string& text, const std::string& origin) {
  ORTFORGE_TRY(const Json json, parse_json(text, origin));
  return JsonPlace(json, origin).strings();
}

Result<std::map<std::string, std::string>> map_of(const std::string& text, const std::string& origin) {
  ORTFORGE_TRY(const Json json, parse_json(text, origin));
  ORTFORGE_TRY(const auto members, JsonPlace(json, origin).members());
  std::map<std::string, std::string> values;
  for (const auto& [name, place] : members) {
    ORTFORGE_TRY(values[name], place.string());
  }
  return values;
}

}  // namespace

std::string json_text(const std::vector<std::string>& values) {
  return dump(Json(values));
}

std::string json_text(const std::map<std::string, std::string>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return dump(json);
}

void bind_run(SQLite::Statement& statement, const RunRecord& run) {
  int column = 0;
  statement.bind(++column, json_text(run.command_line));
  statement.bind(++column, run.ortforge_version);
  statement.bind(++column, run.started_ms);
  statement.bind(++column, run.finished_ms);
  statement.bind(++column, run.result);
  statement.bind(++column, json_text(run.host));
  statement.bind(++column, run.matrix_revision);
  statement.bind(++column, run.matrix_clean ? 1 : 0);
}

void bind_step(SQLite::Statement& statement, const StepRecord& step) {
  const EndingColumns ending = std::visit(EndingWriter{}, step.ending);
  int column = 0;
  statement.bind(++column, step.run_id);
  for (const std::string* text : {&step.key, &step.name, &step.role, &step.scope, &step.product, &step.branch,
                                  &step.environment, &step.environment_digest, &step.status, &step.reason}) {
    statement.bind(++column, *text);
  }
  statement.bind(++column, ending.kind);
  statement.bind(++column, ending.number);
  statement.bind(++column, ending.text);
  statement.bind(++column, static_cast<std::int64_t>(step.usage.wall.count()));
  statement.bind(++column, static_cast<std::int64_t>(step.usage.user.count()));
  statement.bind(++column, static_cast<std::int64_t>(step.usage.system.count()));
  statement.bind(++column, signed_of(step.usage.peak_bytes));
  statement.bind(++column, step.started_ms);
  statement.bind(++column, step.finished_ms);
  statement.bind(++column, step.log);
  statement.bind(++column, step.output_digest);
  statement.bind(++column, json_text(step.tools));
  statement.bind(++column, signed_of(step.cache.hits));
  statement.bind(++column, signed_of(step.cache.misses));
  statement.bind(++column, step.tested);
  statement.bind(++column, step.derivation);
  statement.bind(++column, step.store_path);
}

Result<RunRecord> read_run(SQLite::Statement& statement, const std::string& file) {
  int column = 0;
  RunRecord run;
  run.id = statement.getColumn(column++).getInt64();
  const std::string origin = fmt::format("{}: runs row {}", file, run.id);
  ORTFORGE_TRY(run.command_line,
               texts_of(statement.getColumn(column++).getString(), origin + " command_line"));
  run.ortforge_version = statement.getColumn(column++).getString();
  run.started_ms = statement.getColumn(column++).getInt64();
  run.finished_ms = statement.getColumn(column++).getInt64();
  run.result = statement.getColumn(column++).getString();
  ORTFORGE_TRY(run.host, map_of(statement.getColumn(column++).getString(), origin + " host"));
  run.matrix_revision = statement.getColumn(column++).getString();
  run.matrix_clean = statement.getColumn(column++).getInt() != 0;
  return run;
}

Result<StepRecord> read_step(SQLite::Statement& statement, const std::string& file) {
  int column = 0;
  StepRecord step;
  step.id = statement.getColumn(column++).getInt64();
  step.run_id = statement.getColumn(column++).getInt64();
  const std::string origin = fmt::format("{}: steps row {}", file, step.id);
  for (std::string* text : {&step.key, &step.name, &step.role, &step.scope, &step.product, &step.branch,
                            &step.environment, &step.environment_digest, &step.status, &step.reason}) {
    *text = statement.getColumn(column++).getString();
  }
  EndingColumns ending;
  ending.kind = statement.getColumn(column++).getString();
  ending.number = statement.getColumn(column++).getInt64();
  ending.text = statement.getColumn(column++).getString();
  ORTFORGE_TRY(step.ending, ending_of(ending, origin));
  step.usage.wall = Milliseconds{statement.getColumn(column++).getInt64()};
  step.usage.user = Milliseconds{statement.getColumn(column++).getInt64()};
  step.usage.system = Milliseconds{statement.getColumn(column++).getInt64()};
  step.usage.peak_bytes = static_cast<std::uint64_t>(statement.getColumn(column++).getInt64());
  step.started_ms = statement.getColumn(column++).getInt64();
  step.finished_ms = statement.getColumn(column++).getInt64();
  step.log = statement.getColumn(column++).getString();
  step.output_digest = statement.getColumn(column++).getString();
  ORTFORGE_TRY(step.tools, map_of(statement.getColumn(column++).getString(), origin + " tools"));
  step.cache.hits = static_cast<std::uint64_t>(statement.getColumn(column++).getInt64());
  step.cache.misses = static_cast<std::uint64_t>(statement.getColumn(column++).getInt64());
  step.tested = statement.getColumn(column++).getString();
  step.derivation = statement.getColumn(column++).getString();
  step.store_path = statement.getColumn(column++).getString();
  return step;
}

}  // namespace ortforge::record_detail

#include "ortforge/record/database.hpp"

#include <algorithm>
#include <limits>

#include "rows.hpp"
#include "run_locks.hpp"
#include "sqlite.hpp"
#include "step_rows.hpp"
#include "variant_states.hpp"
#include <SQLiteCpp/Transaction.h>

#include "ortforge/record/schema.hpp"

namespace ortforge {
namespace {

using record_detail::Connection;
using record_detail::guarded;
using record_detail::Query;
using record_detail::RunLocks;

// Successful steps whose times measure compiling, as CacheUse::measures_compiling says it.
constexpr const char* kMeasured =
    "status = 'built' AND (cache_hits = 0 OR cache_hits * 10 < cache_hits + cache_misses)";

std::int64_t limit_of(std::size_t limit) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(limit, kMost));
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string file, std::unique_ptr<Connection> connection, RunLocks locks)
      : file_(std::move(file)), connection_(std::move(connection)), locks_(std::move(locks)) {}

  Result<std::int64_t> begin_run(const RunRecord& run) override {
    return guarded(file_, [&]() -> Result<std::int64_t> {
      SQLite::Transaction transaction(connection_->database(), SQLite::TransactionBehavior::IMMEDIATE);
      Query query(
          connection_->statement("INSERT INTO runs (command_line, ortforge_version, started_ms, finished_ms, "
                                 "result, host, matrix_revision, "
                                 "matrix_clean) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
      record_detail::bind_run(*query, run);
      query->exec();
      const std::int64_t id = connection_->database().getLastInsertRowid();
      // Held before anyone can see the row, so that no reader takes a young run for a killed one.
      ORTFORGE_CHECK(locks_.hold(id));
      transaction.commit();
      return id;
    });
  }

  Result<void> finish_run(std::int64_t run_id, const std::string& result, std::int64_t finished_ms) override {
    return guarded(file_, [&]() -> Result<void> {
      Query query(connection_->statement("UPDATE runs SET result = ?, finished_ms = ? WHERE id = ?"));
      query->bind(1, result);
      query->bind(2, finished_ms);
      query->bind(3, run_id);
      if (query->exec() == 0) return fail(ErrorKind::internal, "{}: no run {} on record", file_, run_id);
      locks_.release(run_id);
      return {};
    });
  }

  Result<std::int64_t> add_step(const StepRecord& step) override {
    return guarded(file_, [&]() -> Result<std::int64_t> {
      SQLite::Transaction transaction(connection_->database(), SQLite::TransactionBehavior::IMMEDIATE);
      ORTFORGE_TRY(const auto run, run_row(step.run_id));
      if (!run) return fail(ErrorKind::internal, "{}: no run {} on record", file_, step.run_id);
      const std::int64_t id = record_detail::insert_step(*connection_, step);
      record_detail::update_variant_states(*connection_, step);
      transaction.commit();
      return id;
    });
  }

  Result<void> set_object_costs(const std::string& scope, const std::vector<ObjectCost>& costs) override {
    return guarded(file_, [&]() -> Result<void> {
      SQLite::Transaction transaction(connection_->database(), SQLite::TransactionBehavior::IMMEDIATE);
      {
        Query query(connection_->statement("DELETE FROM object_costs WHERE scope = ?"));
        query->bind(1, scope);
        query->exec();
      }
      for (const ObjectCost& cost : costs) {
        Query query(connection_->statement("INSERT OR REPLACE INTO object_costs VALUES (?, ?, ?)"));
        query->bind(1, scope);
        query->bind(2, cost.object);
        query->bind(3, cost.wall_ms);
        query->exec();
      }
      transaction.commit();
      return {};
    });
  }

  Result<std::optional<StepRecord>> last_built(const std::string& scope) override {
    return one_step("WHERE scope = ? AND status = 'built' ORDER BY id DESC LIMIT 1", scope);
  }

  Result<std::optional<StepRecord>> last_measured(const std::string& scope) override {
    static const std::string condition =
        fmt::format("WHERE scope = ? AND {} ORDER BY id DESC LIMIT 1", kMeasured);
    return one_step(condition.c_str(), scope);
  }

  Result<std::optional<StepRecord>> last_of_component(const std::string& branch, const std::string& component,
                                                      const std::string& scopes) override {
    static const std::string condition = fmt::format(
        "WHERE branch = ? AND name = ? AND scope GLOB ? AND {} ORDER BY id DESC LIMIT 1", kMeasured);
    ORTFORGE_TRY(auto found, steps(condition.c_str(), [&](Query& query) {
                   query->bind(1, branch);
                   query->bind(2, component);
                   query->bind(3, scopes);
                 }));
    return first_of(std::move(found));
  }

  Result<std::optional<StepRecord>> last_with_key(const std::string& key) override {
    return one_step("WHERE key = ? ORDER BY id DESC LIMIT 1", key);
  }

  Result<std::vector<ObjectCost>> object_costs(const std::string& scope) override {
    return guarded(file_, [&]() -> Result<std::vector<ObjectCost>> {
      std::vector<ObjectCost> costs;
      Query query(
          connection_->statement("SELECT object, wall_ms FROM object_costs WHERE scope = ? ORDER BY object"));
      query->bind(1, scope);
      while (query->executeStep())
        costs.push_back({query->getColumn(0).getString(), query->getColumn(1).getInt64()});
      return costs;
    });
  }

  Result<std::vector<RunRecord>> runs(std::size_t limit) override {
    return guarded(file_, [&]() -> Result<std::vector<RunRecord>> {
      static const std::string sql =
          fmt::format("SELECT {} FROM runs ORDER BY id DESC LIMIT ?", record_detail::kRunColumns);
      std::vector<RunRecord> found;
      Query query(connection_->statement(sql.c_str()));
      query->bind(1, limit_of(limit));
      while (query->executeStep()) {
        ORTFORGE_TRY(RunRecord run, record_detail::read_run(*query, file_));
        found.push_back(with_liveness(std::move(run)));
      }
      return found;
    });
  }

  Result<std::optional<RunRecord>> run(std::int64_t id) override {
    return guarded(file_, [&] { return run_row(id); });
  }

  Result<std::vector<StepRecord>> steps_of_run(std::int64_t run_id) override {
    return steps("WHERE run_id = ? ORDER BY id", [&](Query& query) { query->bind(1, run_id); });
  }

  Result<std::vector<StepRecord>> steps_of_variant(const std::string& variant, const std::string& branch,
                                                   std::size_t limit) override {
    return steps(
        "WHERE id IN (SELECT step_id FROM step_variants WHERE variant = ?1) AND (?2 = '' OR branch = ?2) "
        "ORDER BY id DESC LIMIT ?3",
        [&](Query& query) {
          query->bind(1, variant);
          query->bind(2, branch);
          query->bind(3, limit_of(limit));
        });
  }

  Result<std::vector<VariantState>> variant_states() override {
    return guarded(file_, [&]() -> Result<std::vector<VariantState>> {
      return record_detail::read_variant_states(*connection_);
    });
  }

 private:
  // An unfinished run without a process was killed.
  RunRecord with_liveness(RunRecord run) const {
    if (run.result.empty() && !locks_.held(run.id)) run.result = "killed";
    return run;
  }

  Result<std::optional<RunRecord>> run_row(std::int64_t id) {
    static const std::string sql =
        fmt::format("SELECT {} FROM runs WHERE id = ?", record_detail::kRunColumns);
    Query query(connection_->statement(sql.c_str()));
    query->bind(1, id);
    if (!query->executeStep()) return std::optional<RunRecord>();
    ORTFORGE_TRY(RunRecord run, record_detail::read_run(*query, file_));
    return std::optional(with_liveness(std::move(run)));
  }

  template <class Bind>
  Result<std::vector<StepRecord>> steps(const char* condition, Bind&& bind) {
    return guarded(file_, [&]() -> Result<std::vector<StepRecord>> {
      // One transaction: a step and its lists are read from the same moment.
      SQLite::Transaction transaction(connection_->database());
      std::vector<StepRecord> found;
      const std::string sql = fmt::format("SELECT {} FROM steps {}", record_detail::kStepColumns, condition);
      Query query(connection_->statement(sql.c_str()));
      bind(query);
      while (query->executeStep()) {
        ORTFORGE_TRY(StepRecord step, record_detail::read_step(*query, file_));
        record_detail::read_lists(*connection_, step);
        found.push_back(std::move(step));
      }
      return found;
    });
  }

  Result<std::optional<StepRecord>> one_step(const char* condition, const std::string& value) {
    ORTFORGE_TRY(auto found, steps(condition, [&](Query& query) { query->bind(1, value); }));
    return first_of(std::move(found));
  }

  static std::optional<StepRecord> first_of(std::vector<StepRecord> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }

  std::string file_;
  std::unique_ptr<Connection> connection_;
  RunLocks locks_;
};

std::filesystem::path locks_file(const std::filesystem::path& file) {
  return file.string() + ".runs";
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  return guarded(file.string(), [&]() -> Result<std::unique_ptr<Database>> {
    ORTFORGE_TRY(auto connection, record_detail::open_writer(file));
    ORTFORGE_TRY(auto locks, RunLocks::open(locks_file(file), false));
    return std::make_unique<SqliteDatabase>(file.string(), std::move(connection), std::move(locks));
  });
}

Result<std::unique_ptr<Database>> Database::open_existing(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::unique_ptr<Database>();
  return guarded(file.string(), [&]() -> Result<std::unique_ptr<Database>> {
    ORTFORGE_TRY(auto connection, record_detail::open_reader(file));
    ORTFORGE_TRY(const int format, record_format(connection->database(), record_migrations()));
    // Empty: a process was killed before its first transaction. Only open() may change that.
    if (format == 0) return std::unique_ptr<Database>();
    show_as_newest(connection->database(), format);
    ORTFORGE_TRY(auto locks, RunLocks::open(locks_file(file), true));
    return std::make_unique<SqliteDatabase>(file.string(), std::move(connection), std::move(locks));
  });
}

}  // namespace ortforge

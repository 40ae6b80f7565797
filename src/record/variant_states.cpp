#include "variant_states.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ortforge::record_detail {
namespace {

bool passed(const StepRecord& step) {
  return step.status == "built" || step.status == "reused";
}

// Whether tests with this key, of the same result, once ran in full.
bool tested_fully(Connection& connection, const std::string& key) {
  Query query(connection.statement("SELECT 1 FROM steps WHERE key = ? AND tested = ? LIMIT 1"));
  query->bind(1, key);
  query->bind(2, kTestedFully);
  return query->executeStep();
}

std::string status_of_test(Connection& connection, const StepRecord& step) {
  if (step.tested == kTestedOnCpu && !tested_fully(connection, step.key)) return "tested on the CPU";
  if (step.tested == kTestedNothing) return passed(step) ? "built" : step.status;
  return passed(step) || step.tested == kTestedOnCpu ? "tested" : step.status;
}

// "built" and "tested" speak of the whole variant, so only its result and its tests can say them.
std::string status_of(Connection& connection, const StepRecord& step) {
  if (step.role == "test") return status_of_test(connection, step);
  if (!passed(step)) return step.status;
  return step.role == "result" ? "built" : "partly built";
}

std::size_t rank(std::string_view status) {
  static constexpr std::array<std::string_view, 5> kOrder{"failed", "interrupted", "tested",
                                                          "tested on the CPU", "built"};
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), status) - kOrder.begin());
}

}  // namespace

std::string summed_status(const std::string& before, const std::string& now) {
  return before.empty() || rank(now) <= rank(before) ? now : before;
}

void update_variant_states(Connection& connection, const StepRecord& step) {
  if (step.status == "failed" && step.reason == kTriedAgain) return;
  const std::string status = status_of(connection, step);
  const bool built = passed(step) && step.role == "result";
  const bool tested = status.starts_with("tested");
  for (const std::string& variant : step.variants) {
    std::string before;
    {
      Query query(connection.statement(
          "SELECT last_status FROM variant_states WHERE variant = ? AND branch = ? AND last_run = ?"));
      query->bind(1, variant);
      query->bind(2, step.branch);
      query->bind(3, step.run_id);
      if (query->executeStep()) before = query->getColumn(0).getString();
    }
    Query query(
        connection.statement("INSERT INTO variant_states (variant, branch, product, built, tested, last_run, "
                             "last_status, last_ms) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (variant, branch) DO UPDATE SET "
                             "product = excluded.product, "
                             "built = max(built, excluded.built), tested = max(tested, excluded.tested), "
                             "last_run = excluded.last_run, "
                             "last_status = excluded.last_status, last_ms = excluded.last_ms"));
    query->bind(1, variant);
    query->bind(2, step.branch);
    query->bind(3, step.product);
    query->bind(4, built ? 1 : 0);
    query->bind(5, tested ? 1 : 0);
    query->bind(6, step.run_id);
    query->bind(7, summed_status(before, status));
    query->bind(8, step.finished_ms);
    query->exec();
  }
}

std::vector<Database::VariantState> read_variant_states(Connection& connection) {
  std::vector<Database::VariantState> states;
  Query query(
      connection.statement("SELECT variant, product, branch, built, tested, last_status, last_ms FROM "
                           "variant_states ORDER BY variant, branch"));
  while (query->executeStep()) {
    Database::VariantState state;
    state.variant = query->getColumn(0).getString();
    state.product = query->getColumn(1).getString();
    state.branch = query->getColumn(2).getString();
    state.built = query->getColumn(3).getInt() != 0;
    state.tested = query->getColumn(4).getInt() != 0;
    state.last_status = query->getColumn(5).getString();
    state.last_ms = query->getColumn(6).getInt64();
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace ortforge::record_detail

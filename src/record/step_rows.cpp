#include "step_rows.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "rows.hpp"

namespace ortforge::record_detail {
namespace {

// "INSERT INTO steps (run_id, ...) VALUES (?, ...)" for every column but the id.
std::string insert_step_sql() {
  const std::string columns = std::string(kStepColumns).substr(std::string_view("id, ").size());
  std::string places = "?";
  for (auto comma = std::count(columns.begin(), columns.end(), ','); comma > 0; --comma) places += ", ?";
  return fmt::format("INSERT INTO steps ({}) VALUES ({})", columns, places);
}

}  // namespace

std::int64_t insert_step(Connection& connection, const StepRecord& step) {
  {
    static const std::string sql = insert_step_sql();
    Query query(connection.statement(sql.c_str()));
    bind_step(*query, step);
    query->exec();
  }
  const std::int64_t id = connection.database().getLastInsertRowid();
  for (std::size_t i = 0; i < step.variants.size(); ++i) {
    Query query(connection.statement("INSERT INTO step_variants VALUES (?, ?, ?)"));
    query->bind(1, id);
    query->bind(2, static_cast<std::int64_t>(i));
    query->bind(3, step.variants[i]);
    query->exec();
  }
  for (std::size_t i = 0; i < step.artefacts.size(); ++i) {
    Query query(connection.statement("INSERT INTO artefacts VALUES (?, ?, ?, ?, ?)"));
    query->bind(1, id);
    query->bind(2, static_cast<std::int64_t>(i));
    query->bind(3, step.artefacts[i].path);
    query->bind(4, static_cast<std::int64_t>(step.artefacts[i].bytes));
    query->bind(5, step.artefacts[i].sha256);
    query->exec();
  }
  return id;
}

void read_lists(Connection& connection, StepRecord& step) {
  Query variants(
      connection.statement("SELECT variant FROM step_variants WHERE step_id = ? ORDER BY position"));
  variants->bind(1, step.id);
  while (variants->executeStep()) step.variants.push_back(variants->getColumn(0).getString());
  Query artefacts(
      connection.statement("SELECT path, bytes, sha256 FROM artefacts WHERE step_id = ? ORDER BY position"));
  artefacts->bind(1, step.id);
  while (artefacts->executeStep()) {
    step.artefacts.push_back({artefacts->getColumn(0).getString(),
                              static_cast<std::uint64_t>(artefacts->getColumn(1).getInt64()),
                              artefacts->getColumn(2).getString()});
  }
}

}  // namespace ortforge::record_detail

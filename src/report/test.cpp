#include "ortforge/report/test.hpp"

#include <algorithm>

#include "wrapped.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// "built" is the record's word for a step that went well.
std::string status_words(const TestVerdict& verdict) {
  return verdict.status == "built" ? "passed" : verdict.status;
}

Json row_json(const TestedRow& row, bool ran) {
  Json json;
  json["product"] = row.product;
  json["branch"] = row.branch;
  json["variant"] = row.variant;
  json["status"] = ran ? Json(status_words(row.verdict)) : Json(nullptr);
  json["reason"] = row.verdict.reason;
  json["passed"] = row.verdict.passed;
  json["failed"] = row.verdict.failed;
  json["skipped"] = row.verdict.skipped;
  return json;
}

}  // namespace

bool TestSummary::success() const {
  return std::none_of(rows.begin(), rows.end(),
                      [](const TestedRow& row) { return row.verdict.status == "failed"; });
}

std::string machine_words(const std::map<std::string, std::string>& host) {
  const auto gpu = host.find("gpu");
  if (gpu == host.end()) return "a machine without a GPU";
  const auto driver = host.find("driver");
  return driver == host.end() ? gpu->second : gpu->second + ", driver " + driver->second;
}

std::string test_text(const TestSummary& summary, std::size_t width) {
  std::string text;
  if (!summary.archive.empty()) {
    text = fmt::format("{}: {}, {}\n", summary.archive, counted(summary.rows.size(), "variant"),
                       format_bytes(summary.bytes));
    for (const TestedRow& row : summary.rows) text += "  " + row.variant + "\n";
    return text;
  }
  for (const TestedRow& row : summary.rows) {
    text += report_detail::wrapped(fmt::format("{}: {}: ", row.variant, status_words(row.verdict)),
                                   row.verdict.reason, 2, width);
  }
  return text + fmt::format("run {} on {}\n", summary.run_id, summary.machine);
}

std::string test_json(const TestSummary& summary) {
  const bool ran = summary.archive.empty();
  Json json;
  json["schema"] = "test/1";
  json["run"] = ran ? Json(summary.run_id) : Json(nullptr);
  json["machine"] = ran ? Json(summary.machine) : Json(nullptr);
  json["archive"] = ran ? Json(nullptr) : Json(summary.archive);
  json["bytes"] = ran ? Json(nullptr) : Json(summary.bytes);
  Json rows = Json::array();
  for (const TestedRow& row : summary.rows) rows.push_back(row_json(row, ran));
  json["variants"] = std::move(rows);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

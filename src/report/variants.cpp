#include "ortforge/report/variants.hpp"

#include <algorithm>

#include "markdown.hpp"
#include <nlohmann/json.hpp>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

std::string feasible_cell(const Variant& variant) {
  const Feasibility answer = cmake_feasibility(variant);
  return answer.feasible ? "yes" : "no: " + answer.fact;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string short_platform(const std::string& platform) {
  return platform.substr(0, platform.find('-'));
}

// An infeasible variant can be built nowhere; the column before says why.
std::string here_cell(const VariantRow& row) {
  if (!row.here) return "";
  if (*row.here) return "yes";
  if (!cmake_feasibility(row.variant).feasible) return "-";
  if (row.other_platform) return "needs " + short_platform(row.variant.platform);
  return row.here_missing.empty() ? "no" : "no " + row.here_missing;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json row_json(const VariantRow& row) {
  const Variant& variant = row.variant;
  const Feasibility answer = cmake_feasibility(variant);
  Json backends = Json::object();
  for (const auto& [backend, feasibility] : variant.backends) {
    Json entry = {{"feasible", feasibility.feasible}};
    if (!feasibility.feasible) {
      entry["rule"] = feasibility.rule;
      entry["fact"] = feasibility.fact;
    }
    backends[backend] = std::move(entry);
  }
  Json json = {{"name", variant.name},
               {"short_name", variant.short_name},
               {"product", variant.product},
               {"branch", variant.branch},
               {"line", variant.line},
               {"cuda", text_or_null(variant.cuda)},
               {"python", text_or_null(variant.python)},
               {"sm", variant.sm ? Json(*variant.sm) : Json(nullptr)},
               {"isa", variant.isa},
               {"platform", variant.platform},
               {"feasible", answer.feasible},
               {"reason", text_or_null(answer.fact)},
               {"backends", std::move(backends)}};
  Json here = nullptr;
  if (row.here) here = Json{{"buildable", *row.here}, {"missing", text_or_null(row.here_missing)}};
  json["here"] = std::move(here);
  json["record"] = text_or_null(row.record);
  return json;
}

}  // namespace

Feasibility cmake_feasibility(const Variant& variant) {
  const auto found = variant.backends.find("cmake");
  if (found != variant.backends.end()) return found->second;
  return {false, "backend-absent", "the branch offers no recipes for CMake"};
}

std::string variants_table(const std::vector<VariantRow>& rows, std::size_t width) {
  const auto any = [&](auto test) { return std::any_of(rows.begin(), rows.end(), test); };
  const bool products =
      any([&](const VariantRow& row) { return row.variant.product != rows.front().variant.product; });
  const bool branches = products || any([&](const VariantRow& row) {
                          return row.variant.branch != rows.front().variant.branch;
                        });
  const bool here = any([](const VariantRow& row) { return row.here.has_value(); });
  const bool record = any([](const VariantRow& row) { return !row.record.empty(); });

  std::vector<Column> columns;
  if (products) columns.push_back({"Product"});
  if (branches) columns.push_back({"Branch"});
  columns.push_back({"Variant"});
  columns.push_back({"CUDA"});
  if (!branches) columns.push_back({"Python"});
  if (!branches) columns.push_back({"Platform"});
  columns.push_back({"Feasible", false, true});
  if (here) columns.push_back({"Here", false, true, std::string_view("needs aarch64").size()});
  if (record) columns.push_back({"Record"});

  std::vector<std::vector<std::string>> cells;
  for (const VariantRow& row : rows) {
    const Variant& variant = row.variant;
    std::vector<std::string> line;
    if (products) line.push_back(variant.product);
    if (branches) line.push_back(variant.branch);
    line.push_back(variant.short_name);
    line.push_back(or_dash(variant.cuda));
    if (!branches) line.push_back(or_dash(variant.python));
    if (!branches) line.push_back(short_platform(variant.platform));
    line.push_back(feasible_cell(variant));
    if (here) line.push_back(here_cell(row));
    if (record) line.push_back(row.record);
    cells.push_back(std::move(line));
  }
  return format_table(columns, cells, width);
}

std::string variants_names(const std::vector<VariantRow>& rows) {
  std::string text;
  for (const VariantRow& row : rows) text += row.variant.name + "\n";
  return text;
}

std::string variants_json(const std::vector<VariantRow>& rows) {
  Json array = Json::array();
  for (const VariantRow& row : rows) array.push_back(row_json(row));
  return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string variants_markdown(const std::vector<VariantRow>& rows) {
  std::string text =
      "| Variant | Branch | CUDA | Python | Platform | Feasible | Here | Record "
      "|\n|---|---|---|---|---|---|---|---|\n";
  for (const VariantRow& row : rows) {
    const Variant& variant = row.variant;
    const std::vector<std::string> cells{"`" + variant.name + "`", variant.product + "/" + variant.branch,
                                         or_dash(variant.cuda),    or_dash(variant.python),
                                         variant.platform,         feasible_cell(variant),
                                         or_dash(here_cell(row)),  or_dash(row.record)};
    text += "|";
    for (const std::string& cell : cells) text += " " + report_detail::markdown_cell(cell) + " |";
    text += "\n";
  }
  return text;
}

}  // namespace ortforge

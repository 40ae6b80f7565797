#include "ortforge/report/import.hpp"

#include "range_json.hpp"
#include "wrapped.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// Names one below the other: they are too long for two in a line.
std::string names_below(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += "      " + name + "\n";
  return text;
}

std::string finding_text(const ImportFinding& finding, bool each, std::size_t width) {
  const std::string start = fmt::format("  {}: ", finding.kind);
  const std::string message =
      fmt::format("{} ({})", finding.message, counted(finding.recipes.size(), "recipe"));
  const bool named = each || finding.recipes.size() <= 3;
  return report_detail::wrapped(start, message, 4, width) + (named ? names_below(finding.recipes) : "");
}

}  // namespace

std::string import_text(const ImportReport& report, const RecipeTree& tree, bool each, std::size_t width) {
  std::string text =
      report_detail::wrapped("",
                             fmt::format("{} in {} and {}/{}", counted(report.recipes, "recipe"),
                                         tree.directory.string(), report.product, report.branch),
                             2, width);
  if (report.empty()) return text + "no difference\n";
  if (!report.only_in_matrix.empty()) text += "\nonly in the matrix\n";
  for (const VariantRange& range : report.only_in_matrix)
    text += report_detail::wrapped("  ", describe(range), 4, width);
  if (!report.only_in_tree.empty()) text += "\nonly in the tree\n";
  for (const std::string& name : report.only_in_tree) text += "  " + name + "\n";
  if (!report.findings.empty()) text += "\nrecipes that say otherwise than the matrix\n";
  for (const ImportFinding& finding : report.findings) text += finding_text(finding, each, width);
  return text;
}

std::string import_json(const ImportReport& report, const RecipeTree& tree) {
  Json json{{"schema", "import/1"},
            {"directory", tree.directory.string()},
            {"product", report.product},
            {"branch", report.branch},
            {"recipes", report.recipes}};
  Json missing = Json::array();
  for (const VariantRange& range : report.only_in_matrix) missing.push_back(report_detail::range_json(range));
  json["only_in_matrix"] = std::move(missing);
  json["only_in_tree"] = Json(report.only_in_tree);
  Json findings = Json::array();
  for (const ImportFinding& finding : report.findings) {
    findings.push_back(
        {{"kind", finding.kind}, {"message", finding.message}, {"recipes", Json(finding.recipes)}});
  }
  json["findings"] = std::move(findings);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

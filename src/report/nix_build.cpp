#include "ortforge/report/nix_build.hpp"

#include <algorithm>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

std::size_t steps_with(const NixReport& report, const std::string& status) {
  return static_cast<std::size_t>(std::count_if(report.steps.begin(), report.steps.end(),
                                                [&](const StepRecord& s) { return s.status == status; }));
}

std::string result_line(const NixResult& result) {
  std::string text = result.variant + ": " + result.status;
  if (!result.reason.empty()) text += (result.there ? " (" : "; ") + result.reason;
  if (!result.reason.empty() && result.there) text += ")";
  return text + "\n";
}

}  // namespace

std::vector<VariantOutcome> nix_outcomes(const std::vector<NixRequest>& requests, const NixReport& report) {
  std::vector<VariantOutcome> outcomes;
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    const NixResult& result = report.results[i];
    VariantOutcome outcome;
    outcome.variant = result.variant;
    outcome.built = result.there;
    outcome.reused = result.status == "reused";
    outcome.status = result.there ? "built" : result.status;
    outcome.reason = result.there ? std::string() : result.reason;
    if (result.there) {
      outcome.path = result.output;
      outcome.link = requests[i].link.filename().string();
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

std::string nix_build_text(const std::vector<NixRequest>& requests, const NixReport& report,
                           const std::vector<SkippedVariant>& skipped, std::int64_t run_id,
                           const std::string& result, std::int64_t wall_ms) {
  std::string text;
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    const NixResult& each = report.results[i];
    text += result_line(each);
    if (!each.there) continue;
    if (!requests[i].link.empty()) text += "  " + requests[i].link.filename().string() + "\n";
    text += "  " + each.output + "\n";
  }
  text += skipped_text(skipped, false);
  text += fmt::format("run {} {}: {} built, {} reused, {} failed in {}\n", run_id, result,
                      counted(steps_with(report, "built"), "derivation"), steps_with(report, "reused"),
                      steps_with(report, "failed"), format_duration(Milliseconds{wall_ms}));
  return text;
}

std::string nix_plan_text(const NixForecast& forecast, const std::vector<SkippedVariant>& skipped) {
  std::string text;
  for (const NixForecast::Item& item : forecast.items) {
    text += fmt::format("{}: {}\n", item.variant,
                        item.failure ? item.state + "; " + item.failure->words : item.state);
    if (!item.output.empty()) text += "  " + item.output + "\n";
  }
  text += skipped_text(skipped, false);
  const auto list = [&](const char* what, const std::vector<std::string>& paths, const char* noun) {
    if (paths.empty()) return;
    text += fmt::format("{} {}:\n", counted(paths.size(), noun), what);
    for (const std::string& path : paths) text += "  " + path + "\n";
  };
  list("would be built", forecast.build, "derivation");
  list("would be fetched", forecast.fetch, "path");
  if (forecast.build.empty() && forecast.fetch.empty()) text += "nothing to build\n";
  return text;
}

std::string nix_plan_json(const NixForecast& forecast, const std::vector<SkippedVariant>& skipped) {
  Json variants = Json::array();
  for (const NixForecast::Item& item : forecast.items) {
    variants.push_back({{"name", item.variant},
                        {"state", item.state},
                        {"reason", item.reason},
                        {"derivation", or_null(item.derivation)},
                        {"store_path", or_null(item.output)}});
  }
  Json left_out = Json::array();
  for (const SkippedVariant& variant : skipped)
    left_out.push_back({{"name", variant.name}, {"reason", variant.reason}});
  const Json json{{"schema", "nix-plan/1"},
                  {"variants", std::move(variants)},
                  {"build", forecast.build},
                  {"fetch", forecast.fetch},
                  {"skipped", std::move(left_out)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

#include "ortforge/report/plan.hpp"

#include <algorithm>
#include <map>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/build/needed.hpp"
#include "ortforge/build/progress.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

std::string short_key(const Step& step) {
  return step.key.empty() ? "not known" : step.key.substr(0, 12);
}

const char* state_word(Need need) {
  switch (need) {
    case Need::none:
      return "not needed";
    case Need::stored:
      return "stored";
    case Need::remote:
      return "remote";
    case Need::run:
      return "run";
  }
  return "run";
}

std::string dot_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return '"' + escaped + '"';
}

}  // namespace

std::string cost_text(const PlanView::StepView& step) {
  return (step.measured ? "" : "~") + format_duration(Milliseconds{step.expected_cpu_ms});
}

Result<PlanView> view_plan(const Plan& plan, const Store& store, Recorder& recorder,
                           const AskRemote& remote) {
  ORTFORGE_TRY(const auto needs, needed_steps(plan, store, remote));
  PlanView view;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    PlanView::StepView item;
    item.state = state_word(needs[i]);
    ORTFORGE_TRY(const ExpectedCost expected, expected_cost(step, recorder));
    item.expected_cpu_ms = expected.cpu_ms;
    item.measured = expected.measured;
    if (needs[i] == Need::run) {
      view.cpu_ms += item.expected_cpu_ms;
      view.disk_bytes += step.recipe.disk_bytes;
      view.peak_bytes = std::max(view.peak_bytes, expected.peak_bytes);
    }
    view.separate_cpu_ms += item.expected_cpu_ms * static_cast<std::int64_t>(step.variants.size());
    view.steps.push_back(std::move(item));
  }
  return view;
}

std::string plan_json(const Plan& plan, const PlanView& view) {
  Json json;
  json["schema"] = "plan/1";
  Json steps = Json::array();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    Json item;
    item["scope"] = step.recipe.scope;
    item["step"] = step.recipe.name;
    item["kind"] = step.recipe.kind;
    item["state"] = view.steps[i].state;
    item["key"] = step.key.empty() ? Json(nullptr) : Json(step.key);
    item["unknown"] = step.unknown.empty() ? Json(nullptr) : Json(step.unknown);
    item["environment"] = step.environment;
    Json needs = Json::array();
    for (const std::size_t need : step.needs) needs.push_back(plan.steps[need].recipe.scope);
    item["needs"] = std::move(needs);
    item["variants"] = step.variants;
    item["expected_cpu_ms"] = view.steps[i].expected_cpu_ms;
    item["measured"] = view.steps[i].measured;
    item["disk_bytes"] = step.recipe.disk_bytes;
    steps.push_back(std::move(item));
  }
  json["steps"] = std::move(steps);
  Json results = Json::array();
  for (const PlannedResult& result : plan.results) {
    results.push_back({{"variant", result.variant}, {"scope", plan.steps[result.step].recipe.scope}});
  }
  json["results"] = std::move(results);
  json["expected_cpu_ms"] = view.cpu_ms;
  json["separate_cpu_ms"] = view.separate_cpu_ms;
  json["disk_bytes"] = view.disk_bytes;
  json["peak_bytes"] = view.peak_bytes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string plan_dot(const Plan& plan, const PlanView& view) {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    const char* style = view.steps[i].state == "run" ? "solid" : "dashed";
    text += fmt::format("  {} [style={}];\n", dot_text(step.recipe.scope), style);
    for (const std::size_t need : step.needs) {
      text +=
          fmt::format("  {} -> {};\n", dot_text(plan.steps[need].recipe.scope), dot_text(step.recipe.scope));
    }
  }
  return text + "}\n";
}

std::string skipped_text(const std::vector<SkippedVariant>& skipped, bool each) {
  std::string text;
  std::vector<std::string> reasons;  // as they first come
  std::map<std::string, std::size_t> counts;
  for (const SkippedVariant& variant : skipped) {
    if (each) text += fmt::format("skipped: {}: {}\n", variant.name, variant.reason);
    if (++counts[variant.reason] == 1) reasons.push_back(variant.reason);
  }
  if (each) return text;
  for (const std::string& reason : reasons) text += fmt::format("{} skipped: {}\n", counts[reason], reason);
  return text;
}

std::string plan_text(const Plan& plan, const PlanView& view, const std::vector<SkippedVariant>& skipped,
                      std::size_t width, bool each) {
  std::vector<std::vector<std::string>> rows;
  std::size_t to_run = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    if (view.steps[i].state == "run") ++to_run;
    rows.push_back({short_scope(step.product, step.recipe.scope), view.steps[i].state, short_key(step),
                    cost_text(view.steps[i]), std::to_string(step.variants.size())});
  }
  if (rows.empty()) return skipped_text(skipped, each);
  std::string text = format_table(
      {{"STEP", false, true}, {"STATE"}, {"KEY"}, {"CPU", true}, {"VARIANTS", true}}, rows, width);
  text += fmt::format("\n{}, {}, {} to run: {} of CPU time,\n", counted(plan.results.size(), "variant"),
                      counted(plan.steps.size(), "step"), to_run, format_duration(Milliseconds{view.cpu_ms}));
  text += fmt::format("{} of disk, {} of memory in the largest process\n", format_bytes(view.disk_bytes),
                      format_bytes(view.peak_bytes));
  text += skipped_text(skipped, each);
  for (const Step& step : plan.steps) {
    if (step.unknown.empty()) continue;
    text += fmt::format("keys are not known yet: {}\n", step.unknown);
    break;
  }
  return text;
}

}  // namespace ortforge

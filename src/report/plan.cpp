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

// CPU milliseconds of the steps of one result: of all, and of those that no other variant has.
struct ResultCost {
  std::int64_t alone_ms = 0;
  std::int64_t own_ms = 0;
};

ResultCost cost_of(const Plan& plan, const PlanView& view, const PlannedResult& result,
                   const std::vector<std::size_t>& uses) {
  ResultCost cost;
  for (const std::size_t step : steps_of(plan, result)) {
    cost.alone_ms += view.steps[step].expected_cpu_ms;
    if (uses[step] == 1) cost.own_ms += view.steps[step].expected_cpu_ms;
  }
  return cost;
}

// How many results take each step.
std::vector<std::size_t> uses_of(const Plan& plan) {
  std::vector<std::size_t> uses(plan.steps.size(), 0);
  for (const PlannedResult& result : plan.results) {
    for (const std::size_t step : steps_of(plan, result)) ++uses[step];
  }
  return uses;
}

// "core-cpu-avx2", with the product in front where the plan has several.
std::string scope_in(const Plan& plan, const Step& step) {
  const bool several = std::any_of(plan.steps.begin(), plan.steps.end(),
                                   [&](const Step& other) { return other.product != step.product; });
  const std::string scope = short_scope(step.product, step.recipe.scope);
  return several ? step.product + " " + scope : scope;
}

// "28 variants from 15 builds (4 core, 4 binding, 7 provider):
// 6 h 10 min of CPU time, one by one 40 h 02 min": for several variants that share what counts.
std::string sharing_text(const Plan& plan, const PlanView& view) {
  std::int64_t together_ms = 0;
  std::size_t builds = 0;
  std::vector<std::pair<std::string, std::size_t>> components;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    together_ms += view.steps[i].expected_cpu_ms;
    const Step& step = plan.steps[i];
    if (step.recipe.kind != "build") continue;
    ++builds;
    const auto known = std::find_if(components.begin(), components.end(), [&](const auto& component) {
      return component.first == step.recipe.name;
    });
    if (known == components.end()) {
      components.emplace_back(step.recipe.name, 1);
    } else {
      ++known->second;
    }
  }
  const std::string together = format_duration(Milliseconds{together_ms});
  const std::string separate = format_duration(Milliseconds{view.separate_cpu_ms});
  if (together == separate || builds == 0) return {};
  std::vector<std::string> counts;
  counts.reserve(components.size());
  for (const auto& [name, count] : components) counts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("{} from {} ({}):\n{} of CPU time, one by one {}\n",
                     counted(plan.results.size(), "variant"), counted(builds, "build"), join(counts, ", "),
                     together, separate);
}

// The installed toolkit, with the digest that is part of keys.
Json toolkit_json(const Plan& plan, const InstalledToolkit& toolkit) {
  Json json{{"version", toolkit.version}, {"folders", Json::array()}, {"digest", nullptr}};
  for (const auto& folder : toolkit.folders) json["folders"].push_back(folder.string());
  for (const Step& step : plan.steps) {
    const auto digest = step.parts.find("toolkit");
    if (digest != step.parts.end() && digest->second != "unknown") json["digest"] = digest->second;
  }
  return json;
}

}  // namespace

std::string cost_text(const PlanView::StepView& step) {
  return (step.measured ? "" : "~") + format_duration(Milliseconds{step.expected_cpu_ms});
}

Result<PlanView> view_plan(const Plan& plan, const Store& store, Recorder& recorder,
                           const AskRemote& remote) {
  ORTFORGE_TRY(const auto needs, needed_steps(plan, store, remote));
  const std::vector<std::size_t> uses = uses_of(plan);
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
    view.separate_cpu_ms += item.expected_cpu_ms * static_cast<std::int64_t>(uses[i]);
    view.steps.push_back(std::move(item));
  }
  return view;
}

std::string plan_json(const Plan& plan, const PlanView& view) {
  Json json;
  const std::vector<std::size_t> uses = uses_of(plan);
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
    const ResultCost cost = cost_of(plan, view, result, uses);
    results.push_back({{"variant", result.variant},
                       {"scope", plan.steps[result.step].recipe.scope},
                       {"alone_cpu_ms", cost.alone_ms},
                       {"own_cpu_ms", cost.own_ms}});
  }
  json["results"] = std::move(results);
  json["expected_cpu_ms"] = view.cpu_ms;
  json["separate_cpu_ms"] = view.separate_cpu_ms;
  json["disk_bytes"] = view.disk_bytes;
  json["peak_bytes"] = view.peak_bytes;
  if (view.toolkit) json["toolkit"] = toolkit_json(plan, *view.toolkit);
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
  const std::vector<std::size_t> uses = uses_of(plan);
  std::size_t to_run = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    if (view.steps[i].state == "run") ++to_run;
    rows.push_back({scope_in(plan, step), view.steps[i].state, short_key(step), cost_text(view.steps[i]),
                    std::to_string(uses[i])});
  }
  if (rows.empty()) return skipped_text(skipped, each);
  std::string text = format_table(
      {{"STEP", false, true}, {"STATE"}, {"KEY"}, {"CPU", true}, {"VARIANTS", true}}, rows, width);
  text += fmt::format("\n{}, {}, {} to run: {} of CPU time,\n", counted(plan.results.size(), "variant"),
                      counted(plan.steps.size(), "step"), to_run, format_duration(Milliseconds{view.cpu_ms}));
  text += fmt::format("{} of disk, {} of memory in the largest process\n", format_bytes(view.disk_bytes),
                      format_bytes(view.peak_bytes));
  text += sharing_text(plan, view);
  if (view.toolkit)
    text += fmt::format("CUDA {} installed in {}\n", view.toolkit->version, view.toolkit->places());
  text += skipped_text(skipped, each);
  for (const Step& step : plan.steps) {
    if (step.unknown.empty()) continue;
    text += fmt::format("keys are not known yet: {}\n", step.unknown);
    break;
  }
  return text;
}

}  // namespace ortforge

#include "ortforge/report/show.hpp"

#include <algorithm>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

struct Facts {
  const Product& product;
  const Branch& branch;
  const Line& line;
  const Isa& isa;
};

Facts facts_of(const ShowInput& input) {
  const Variant& variant = input.row.variant;
  const Product& product = input.matrix.products.at(variant.product);
  const Branch& branch = product.branches.at(variant.branch);
  return {product, branch, branch.lines.at(variant.line), input.matrix.hardware.isas.at(variant.isa)};
}

std::string driver_of(const ShowInput& input) {
  const Variant& variant = input.row.variant;
  if (!variant.sm) return {};
  return driver_needed(input.matrix.hardware.toolkits.at(variant.cuda),
                       input.matrix.hardware.sms.at(*variant.sm));
}

std::vector<std::string> gpus_of(const ShowInput& input) {
  std::vector<std::string> names;
  for (const Gpu& gpu : input.matrix.hardware.gpus) {
    if (gpu.sm == input.row.variant.sm) names.push_back(gpu.name);
  }
  return names;
}

// Sources the variant's steps read, toolkit wheels included, with what licenses them.
std::vector<const Source*> sources_of(const ShowInput& input, const Facts& facts) {
  std::vector<const Source*> sources;
  if (!input.plan) return sources;
  bool toolkit = false;
  for (const Step& step : input.plan->steps) {
    for (const std::string& name : step.recipe.sources) sources.push_back(&facts.branch.sources.at(name));
    toolkit = toolkit || step.recipe.toolkit;
  }
  if (!toolkit) return sources;
  for (const Source& wheel : facts.line.toolkit_sources) sources.push_back(&wheel);
  return sources;
}

// "name        value", values broken at words so that lines keep to the width.
std::string row(const std::string& name, const std::string& value, std::size_t width) {
  constexpr std::size_t kIndent = 14;
  if (value.empty()) return {};
  std::string text = fmt::format("{:<{}}", name, kIndent);
  std::size_t column = kIndent;
  for (const std::string& word : split(value, ' ')) {
    if (column > kIndent && column + 1 + word.size() > width) {
      text += "\n" + std::string(kIndent, ' ');
      column = kIndent;
    } else if (column > kIndent) {
      text += ' ';
      ++column;
    }
    text += word;
    column += word.size();
  }
  return text + "\n";
}

std::string steps_table(const ShowInput& input, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < input.plan->steps.size(); ++i) {
    const Step& step = input.plan->steps[i];
    rows.push_back({step.recipe.name, input.view.steps[i].state,
                    step.key.empty() ? step.unknown : step.key.substr(0, 32),
                    format_duration(Milliseconds{input.view.steps[i].expected_cpu_ms})});
  }
  return format_table({{"STEP"}, {"STATE"}, {"KEY", false, true}, {"CPU", true}}, rows, width);
}

std::string sources_table(const std::vector<const Source*>& sources, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  for (const Source* source : sources) {
    const bool pinned = source->digest_kind != Source::DigestKind::none;
    rows.push_back(
        {source->name, source->version, source->license, pinned ? source->digest.sri() : "its content"});
  }
  return format_table(
      {{"SOURCE"}, {"VERSION", false, true}, {"LICENCE", false, true}, {"IDENTIFIED BY", false, true}}, rows,
      width);
}

}  // namespace

std::string show_text(const ShowInput& input, std::size_t width) {
  const Variant& variant = input.row.variant;
  const Facts facts = facts_of(input);
  std::string text = variant.name + "\n\n";
  text += row("product", fmt::format("{} {}", facts.product.title, facts.branch.version), width);
  text += row("branch", fmt::format("{} ({})", variant.branch, facts.branch.status), width);
  text += row("line", variant.line, width);
  text += row("python", variant.python, width);
  text += row("cpu", fmt::format("{}: {}", facts.isa.title, join(facts.isa.flags, " ")), width);
  text += row("cpu needs", join(facts.isa.features, " "), width);
  text += row("platform", variant.platform, width);
  if (variant.sm) {
    text += row("gpu", fmt::format("sm_{}: {}", *variant.sm, join(gpus_of(input), ", ")), width);
    text += row("cuda", fmt::format("{}, driver {} or newer", variant.cuda, driver_of(input)), width);
  }
  text += row("without", join(facts.line.features_off, ", "), width);
  text += row("environment", facts.branch.environment, width);
  for (const auto& [backend, feasibility] : variant.backends) {
    text += row(backend,
                feasibility.feasible ? "feasible"
                                     : fmt::format("infeasible: {} ({})", feasibility.fact, feasibility.rule),
                width);
  }
  text += row("here",
              input.row.here.value_or(false) ? "can be built" : "cannot be built: " + input.row.here_missing,
              width);
  text += row("record", input.row.record.empty() ? "nothing yet" : input.row.record, width);
  if (input.plan) text += "\n" + steps_table(input, width);
  if (const auto sources = sources_of(input, facts); !sources.empty())
    text += "\n" + sources_table(sources, width);
  return text;
}

std::string show_json(const ShowInput& input) {
  const Variant& variant = input.row.variant;
  const Facts facts = facts_of(input);
  Json json = Json::parse(variants_json({input.row})).at(0);
  json["schema"] = "show/1";
  json["version"] = facts.branch.version;
  json["environment"] = facts.branch.environment;
  json["flags"] = facts.isa.flags;
  json["features"] = facts.isa.features;
  json["driver"] = variant.sm ? Json(driver_of(input)) : Json(nullptr);
  json["gpus"] = gpus_of(input);
  json["features_off"] = facts.line.features_off;
  Json sources = Json::array();
  for (const Source* source : sources_of(input, facts)) {
    const bool pinned = source->digest_kind != Source::DigestKind::none;
    sources.push_back({{"name", source->name},
                       {"version", source->version},
                       {"license", source->license},
                       {"digest", pinned ? Json(source->digest.sri()) : Json(nullptr)}});
  }
  json["sources"] = std::move(sources);
  json["plan"] = input.plan ? Json::parse(plan_json(*input.plan, input.view)) : Json(nullptr);
  Json steps = Json::array();
  for (const StepRecord& step : input.steps) {
    steps.push_back({{"run", step.run_id},
                     {"scope", step.scope},
                     {"status", step.status},
                     {"reason", step.reason},
                     {"finished_ms", step.finished_ms}});
  }
  json["last_steps"] = std::move(steps);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

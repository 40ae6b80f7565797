#include "ortforge/report/show.hpp"

#include <algorithm>

#include "cuda_code_json.hpp"
#include "wrapped.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/matrix/filter.hpp"
#include "ortforge/record/time.hpp"
#include "ortforge/report/runs.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

struct Facts {
  const Product& product;
  const Branch& branch;
  const Line& line;
  Isa isa;
};

Facts facts_of(const ShowInput& input) {
  const Variant& variant = input.row.variant;
  const Product& product = input.matrix.products.at(variant.product);
  const Branch& branch = product.branches.at(variant.branch);
  return {product, branch, branch.lines.at(variant.line), isa_of(input.matrix, branch, variant.isa)};
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

// Sources the variant takes, whether or not it can be built here, and the wheels of its toolkit,
// where no installed one takes their place.
std::vector<const Source*> sources_of(const ShowInput& input, const Facts& facts) {
  const Variant& variant = input.row.variant;
  std::vector<const Source*> sources;
  for (const auto& [name, source] : facts.branch.sources) {
    const Result<Filter> when =
        source.when.empty() ? Result<Filter>(Filter::everything()) : Filter::parse(source.when);
    if (!when || when->matches(variant)) sources.push_back(&source);
  }
  if (!variant.is_cuda() || input.view.toolkit) return sources;
  for (const Source& wheel : facts.line.toolkit_sources) sources.push_back(&wheel);
  return sources;
}

std::string identity_of(const Source& source) {
  if (!source.unpinned.empty()) return "nothing: " + source.unpinned;
  return source.digest_kind == Source::DigestKind::none ? "its content" : source.digest.sri();
}

// "nixpkgs ed142ab1b3a0..., with its digest where one is known"
std::string pins_of(const Branch& branch) {
  std::vector<std::string> pins;
  for (const auto& [name, pin] : branch.pins)
    pins.push_back(name + " " + pin.revision + (pin.digest.empty() ? "" : " (" + pin.digest + ")"));
  return join(pins, ", ");
}

// "name        value", values broken at words so that lines keep to the width.
std::string row(const std::string& name, const std::string& value, std::size_t width) {
  constexpr std::size_t kIndent = 14;
  if (value.empty()) return {};
  return report_detail::wrapped(fmt::format("{:<{}}", name, kIndent), value, kIndent, width);
}

std::string steps_table(const ShowInput& input, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < input.plan->steps.size(); ++i) {
    const Step& step = input.plan->steps[i];
    rows.push_back({step_name(*input.plan, step), input.view.steps[i].state,
                    step.key.empty() ? step.unknown : step.key.substr(0, 32),
                    cost_text(input.view.steps[i])});
  }
  return format_table({{"STEP"}, {"STATE"}, {"KEY", false, true}, {"CPU", true}}, rows, width);
}

std::string sources_table(const std::vector<const Source*>& sources, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(sources.size());
  for (const Source* source : sources)
    rows.push_back({source->name, source->version, source->license, identity_of(*source)});
  return format_table(
      {{"SOURCE"}, {"VERSION", false, true}, {"LICENCE", false, true}, {"IDENTIFIED BY", false, true}}, rows,
      width);
}

std::string last_runs_table(const std::vector<StepRecord>& steps, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(steps.size());
  for (const StepRecord& step : steps) {
    rows.push_back(
        {std::to_string(step.run_id), step.name, outcome_words(step), short_time(step.finished_ms)});
  }
  return format_table({{"LAST RUNS", true}, {"STEP"}, {"OUTCOME", false, true}, {"ENDED (UTC)"}}, rows,
                      width);
}

// The variants of other products that this one is built on, by product.
std::map<std::string, Variant> required_of(const ShowInput& input, const Branch& branch) {
  std::map<std::string, Variant> all;
  for (const auto& [product, name] : branch.required) {
    if (auto other = required_variant(input.matrix, input.row.variant, product))
      all.emplace(product, *std::move(other));
  }
  return all;
}

// "cannot be built: needs CUDA 12.4".
std::string here_words(const VariantRow& variant) {
  if (variant.here.value_or(false)) return "can be built";
  const bool feasible = cmake_feasibility(variant.variant).feasible;
  return fmt::format("cannot be built: {}{}", feasible ? "needs " : "", variant.here_missing);
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
  if (input.view.toolkit) {
    text +=
        row("toolkit",
            fmt::format("CUDA {} in {}", input.view.toolkit->version, input.view.toolkit->places()), width);
  }
  std::vector<std::string> required;
  for (const auto& [product, other] : required_of(input, facts.branch))
    required.push_back(fmt::format("{}/{}:{}", product, other.branch, other.name));
  text += row("built on", join(required, ", "), width);
  text += row("without", join(names_of_features_off(facts.line), ", "), width);
  text += row("environment", facts.branch.environment, width);
  text += row("pins", pins_of(facts.branch), width);
  for (const auto& [backend, feasibility] : variant.backends) {
    text += row(backend,
                feasibility.feasible ? "feasible"
                                     : fmt::format("infeasible: {} ({})", feasibility.fact, feasibility.rule),
                width);
  }
  text += row("here", here_words(input.row), width);
  text += row("record", input.row.record.empty() ? "nothing yet" : input.row.record, width);
  if (!input.glibc.empty()) text += row("glibc", input.glibc + " or newer", width);
  if (input.cuda_code) text += row("cuda code", cuda_code_text(*input.cuda_code), width);
  if (!input.plan) text += row("steps", "none: " + input.no_plan, width);
  if (input.plan) text += "\n" + steps_table(input, width);
  if (!input.steps.empty()) text += "\n" + last_runs_table(input.steps, width);
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
  json["requires"] = Json::array();
  for (const auto& [product, other] : required_of(input, facts.branch))
    json["requires"].push_back({{"product", product}, {"branch", other.branch}, {"variant", other.name}});
  json["driver"] = variant.sm ? Json(driver_of(input)) : Json(nullptr);
  json["gpus"] = gpus_of(input);
  json["features_off"] = names_of_features_off(facts.line);
  Json pins = Json::object();
  for (const auto& [name, pin] : facts.branch.pins) {
    pins[name] = {{"revision", pin.revision},
                  {"digest", pin.digest.empty() ? Json(nullptr) : Json(pin.digest)}};
  }
  json["pins"] = std::move(pins);
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
  json["no_plan"] = input.plan ? Json(nullptr) : Json(input.no_plan);
  Json steps = Json::array();
  for (const StepRecord& step : input.steps) {
    steps.push_back({{"run", step.run_id},
                     {"scope", step.scope},
                     {"status", step.status},
                     {"reason", step.reason},
                     {"finished_ms", step.finished_ms}});
  }
  json["last_steps"] = std::move(steps);
  json["glibc"] = input.glibc.empty() ? Json(nullptr) : Json(input.glibc);
  json["cuda_code"] = report_detail::cuda_code_json(input.cuda_code);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

#include "ortforge/report/build.hpp"

#include <algorithm>

#include "cuda_code_json.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/report/runs.hpp"

namespace ortforge {
namespace {

struct Counts {
  std::size_t built = 0;
  std::size_t reused = 0;
  std::size_t failed = 0;
  std::int64_t cpu_ms = 0;
  CacheUse cache;
};

Counts count(const BuildReport& report) {
  Counts counts;
  for (const StepRecord& step : report.steps) {
    if (step.status == "built") ++counts.built;
    if (step.status == "reused") ++counts.reused;
    if (step.status == "failed") ++counts.failed;
    counts.cache.hits += step.cache.hits;
    counts.cache.misses += step.cache.misses;
    if (step.status != "reused") counts.cpu_ms += (step.usage.user + step.usage.system).count();
  }
  return counts;
}

// Bytes of a result's files; 0 where they are not known. A step that did not run has none on its record.
std::uint64_t size_of(const BuildSummary& summary, std::size_t step) {
  std::vector<ArtefactRecord> artefacts = summary.report->steps[step].artefacts;
  if (artefacts.empty() && summary.store != nullptr) {
    const Step& planned = summary.plan->steps[step];
    const auto entry = summary.store->find(planned.key, planned.recipe.scope);
    if (entry && *entry) artefacts = (*entry)->artefacts;
  }
  std::uint64_t bytes = 0;
  for (const ArtefactRecord& artefact : artefacts) bytes += artefact.bytes;
  return bytes;
}

// What the variant is made for and from, and what it needs, as the summary of every build says it.
std::string description(const BuildSummary& summary, std::size_t index) {
  const PlanRequest& request = summary.requests[index];
  const Variant& variant = request.variant;
  std::string text = fmt::format("{} {}", request.product->title, request.branch->version);
  if (!request.line->cuda.empty()) text += ", CUDA " + request.line->cuda;
  if (variant.sm && summary.hardware != nullptr) {
    const Hardware& hardware = *summary.hardware;
    const std::string driver =
        driver_needed(hardware.toolkits.at(variant.cuda), hardware.sms.at(*variant.sm));
    if (!driver.empty()) text += fmt::format(", driver {} or newer", driver);
  }
  if (const std::string& glibc = summary.outcomes[index].glibc; !glibc.empty())
    text += fmt::format(", glibc {} or newer", glibc);
  if (!request.line->features_off.empty())
    text += ", without " + join(names_of_features_off(*request.line), ", ");
  const std::uint64_t bytes = size_of(summary, summary.plan->results[index].step);
  if (bytes > 0) text += ", " + format_bytes(bytes);
  return text;
}

// "tested on the CPU (no GPU here; was in the store)", with the reason where something is amiss.
std::string status_words(const VariantOutcome& outcome) {
  std::vector<std::string> remarks;
  if (!outcome.no_gpu.empty()) remarks.push_back(outcome.no_gpu.substr(0, outcome.no_gpu.find(": ")));
  if (outcome.built && outcome.reused) remarks.emplace_back("was in the store");
  std::string text = outcome.status + (outcome.no_gpu.empty() ? "" : " on the CPU");
  if (!remarks.empty()) text += fmt::format(" ({})", join(remarks, "; "));
  if (!outcome.reason.empty()) text += "; " + outcome.reason;
  return text;
}

// Whether an interruption kept the variant from having a result; otherwise something before it failed.
bool cut_short(const BuildSummary& summary, std::size_t index) {
  const BuildReport& report = *summary.report;
  const VariantOutcome& outcome = summary.outcomes[index];
  if (!report.interrupted || outcome.built) return false;
  if (outcome.status == "interrupted") return true;
  return outcome.status == "not run" && !report.cause_of(*summary.plan, summary.plan->results[index].step);
}

Json tests_json(const VariantOutcome& outcome) {
  if (!outcome.tests) return nullptr;
  return {{"passed", outcome.tests->passed},
          {"skipped", outcome.tests->skipped},
          {"reasons", outcome.tests->reasons}};
}

}  // namespace

VariantOutcome outcome_of(const PlannedResult& result, const BuildReport& report) {
  VariantOutcome outcome;
  outcome.variant = result.variant;
  const StepRecord& package = report.steps[result.step];
  // "not needed": the test is in the store, so the result it tested is not read; it is there nevertheless.
  outcome.built = package.status == "built" || package.status == "reused" || package.status == "not needed";
  outcome.reused = package.status != "built";
  if (!outcome.built) {
    outcome.status = package.status;
    outcome.reason = package.reason;
    return outcome;
  }
  outcome.status = "built";
  if (!result.test) return outcome;
  const StepRecord& test = report.steps[*result.test];
  if (test.status == "built" || test.status == "reused") {
    outcome.status = "tested";
  } else if (test.status == "skipped") {
    outcome.reason = "test not run: " + test.reason;
  } else {
    outcome.status = test.status == "failed" ? "failed" : "built";
    outcome.reason = test.status == "failed" ? "its test failed" : "test " + test.status + ": " + test.reason;
  }
  return outcome;
}

void add_tests(VariantOutcome& outcome, const std::vector<TestOutcome>& tests, bool cuda) {
  TestedVariant tested;
  tested.tests = tests;
  const TestVerdict verdict = verdict_of(tested, cuda);
  TestCounts counts{verdict.passed, verdict.skipped, {}};
  for (const TestOutcome& test : tests) {
    if (test.status != "skipped" || test.message.empty()) continue;
    const auto known = std::find(counts.reasons.begin(), counts.reasons.end(), test.message);
    if (known == counts.reasons.end()) counts.reasons.push_back(test.message);
  }
  outcome.tests = std::move(counts);
  if (verdict.passed == 0) {
    outcome.status = "built";
    outcome.reason = "no test ran: " + verdict.reason;
  } else if (verdict.status == "skipped") {
    outcome.no_gpu = verdict.reason;
  }
}

std::string build_text(const BuildSummary& summary) {
  std::string text;
  std::size_t unfinished = 0;
  for (std::size_t i = 0; i < summary.outcomes.size(); ++i) {
    const VariantOutcome& outcome = summary.outcomes[i];
    if (cut_short(summary, i)) {
      ++unfinished;
      continue;
    }
    text += fmt::format("{}: {}\n", outcome.variant, status_words(outcome));
    if (!outcome.built) continue;
    text += fmt::format("  {}\n", description(summary, i));
    if (outcome.cuda_code) text += fmt::format("  CUDA code: {}\n", cuda_code_text(*outcome.cuda_code));
    text += fmt::format("  {}\n", outcome.link.empty() ? outcome.path.string() : outcome.link);
  }
  if (unfinished > 0) text += counted(unfinished, "variant") + " not finished\n";
  text += skipped_text(summary.skipped, false);
  const Counts counts = count(*summary.report);
  text += fmt::format("run {} {}: {} built, {} reused, {} failed, {} of CPU time in {}\n", summary.run_id,
                      summary.result, counted(counts.built, "step"), counts.reused, counts.failed,
                      format_duration(Milliseconds{counts.cpu_ms}),
                      format_duration(Milliseconds{summary.wall_ms}));
  if (const std::string cache = cache_words(counts.cache); !cache.empty()) text += cache + '\n';
  return text;
}

std::string build_json(const BuildSummary& summary) {
  Json json{{"schema", "build/1"},
            {"run", summary.run_id},
            {"result", summary.result},
            {"wall_ms", summary.wall_ms}};
  Json variants = Json::array();
  for (const VariantOutcome& outcome : summary.outcomes) {
    const std::string no_gpu = outcome.no_gpu.empty() ? "" : "no test ran on a GPU: " + outcome.no_gpu;
    variants.push_back({{"name", outcome.variant},
                        {"status", outcome.status},
                        {"reason", outcome.reason.empty() ? no_gpu : outcome.reason},
                        {"reused", outcome.reused},
                        {"path", outcome.path.string()},
                        {"link", outcome.link},
                        {"glibc", outcome.glibc},
                        {"cuda_code", report_detail::cuda_code_json(outcome.cuda_code)},
                        {"tests", tests_json(outcome)}});
  }
  json["variants"] = std::move(variants);
  Json steps = Json::array();
  for (const StepRecord& step : summary.report->steps) {
    steps.push_back({{"scope", step.scope},
                     {"step", step.name},
                     {"key", step.key},
                     {"status", step.status},
                     {"reason", step.reason},
                     {"wall_ms", step.usage.wall.count()},
                     {"user_ms", step.usage.user.count()},
                     {"system_ms", step.usage.system.count()},
                     {"peak_bytes", step.usage.peak_bytes},
                     {"cache_hits", step.cache.hits},
                     {"cache_misses", step.cache.misses},
                     {"output_digest", step.output_digest},
                     {"log", step.log}});
  }
  json["steps"] = std::move(steps);
  Json skipped = Json::array();
  for (const SkippedVariant& variant : summary.skipped)
    skipped.push_back({{"name", variant.name}, {"reason", variant.reason}});
  json["skipped"] = std::move(skipped);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

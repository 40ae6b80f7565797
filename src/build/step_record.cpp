#include "step_record.hpp"

#include <algorithm>

#include "ortforge/base/digest.hpp"

namespace ortforge::build_detail {

namespace fs = std::filesystem;

bool is_result(const Plan& plan, std::size_t index) {
  const auto is_step = [&](const PlannedResult& result) { return result.step == index; };
  return std::any_of(plan.results.begin(), plan.results.end(), is_step) ||
         std::any_of(plan.required.begin(), plan.required.end(), is_step);
}

StepRecord new_step_record(const Plan& plan, std::size_t index, const BuildContext& context) {
  const Step& step = plan.steps[index];
  StepRecord record;
  record.run_id = context.run_id;
  record.key = step.key;
  record.name = step.recipe.name;
  record.role = is_result(plan, index) ? "result" : step.recipe.kind == "test" ? "test" : "";
  record.scope = step.recipe.scope;
  record.product = step.product;
  record.branch = step.branch;
  record.variants = step.variants;
  record.environment = step.environment;
  if (const auto found = context.environments.find(step.environment); found != context.environments.end()) {
    record.environment_digest = found->second->digest().sri();
  }
  if (const auto tools = context.tools.find(step.environment); tools != context.tools.end())
    record.tools = tools->second;
  record.started_ms = context.now_ms();
  record.log =
      (fs::path("logs") / fmt::format("run-{:06}", context.run_id) / (step.recipe.scope + ".log")).string();
  return record;
}

StepRecord not_run(StepRecord record, std::string status, std::string reason) {
  record.status = std::move(status);
  record.reason = std::move(reason);
  record.log.clear();
  record.finished_ms = record.started_ms;
  return record;
}

StepRecord reused(StepRecord record, const StoreEntry& entry, std::string reason) {
  record = not_run(std::move(record), "reused", std::move(reason));
  record.output_digest = entry.output_digest.sri();
  record.ending = Exited{0};
  return record;
}

Result<StoreEntry> new_entry(const Step& step, const fs::path& output, const StopAsked& stop) {
  StoreEntry entry;
  entry.key = step.key;
  entry.scope = step.recipe.scope;
  entry.parts = step.parts;
  ORTFORGE_TRY(entry.output_digest, nar_digest(output, {}, stop));
  if (step.recipe.kind != "prepare") {
    ORTFORGE_TRY(entry.artefacts, list_artefacts(output, stop));
  }
  return entry;
}

}  // namespace ortforge::build_detail

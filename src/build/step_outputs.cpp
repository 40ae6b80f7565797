#include "step_outputs.hpp"

#include "equal_files.hpp"
#include "step_record.hpp"

namespace ortforge::build_detail {

namespace fs = std::filesystem;

Result<std::vector<Need>> StepOutputs::look_up() {
  ORTFORGE_TRY(std::vector<Need> needs, needed_steps(plan_, store_));
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (needs[i] != Need::stored) continue;
    const Step& step = plan_.steps[i];
    ORTFORGE_TRY(entries_[i], store_.find(step.key, step.recipe.scope));
    if (!entries_[i]) return fail(ErrorKind::internal, "{}: left the store meanwhile", step.recipe.scope);
  }
  return needs;
}

Result<std::string> StepOutputs::find_late(std::size_t index, std::vector<StepRecord>& records) {
  const Step& step = plan_.steps[index];
  ORTFORGE_TRY(entries_[index], store_.find(step.key, step.recipe.scope));
  if (entries_[index]) return std::string("finished by another ortforge");
  ORTFORGE_TRY(const bool equal, find_equal(index, records));
  return std::string(equal ? "its inputs came out as before" : "");
}

Result<bool> StepOutputs::find_equal(std::size_t index, std::vector<StepRecord>& records) {
  const Step& step = plan_.steps[index];
  ORTFORGE_TRY(const std::optional<StoreEntry> equal, store_.find_content(content_key(index)));
  if (!equal || !same_own_parts(equal->parts, step.parts)) return false;
  const auto describe_anew = [&](const fs::path& output) -> Result<void> {
    if (!is_result(plan_, index) || !context_.complete_result) return {};
    // The files are those of the earlier result; how they came to be is another story.
    records[index] = reused(new_step_record(plan_, index, context_), *equal, "");
    records[index].artefacts = equal->artefacts;
    return complete_result(index, output, records);
  };
  ORTFORGE_TRY(entries_[index], store_.alias(*equal, step.key, step.recipe.scope, step.parts, describe_anew));
  return true;
}

Result<std::string> StepOutputs::changed_source(std::size_t index) const {
  if (!context_.changed_source) return std::string();
  return context_.changed_source(plan_.steps[index]);
}

Result<std::string> StepOutputs::fault_in(std::size_t index, const fs::path& output) const {
  if (!is_result(plan_, index) || !context_.fault_in_result) return std::string();
  return context_.fault_in_result(plan_, index, output);
}

std::string StepOutputs::tested(std::size_t index) const {
  const Step& step = plan_.steps[index];
  return step.recipe.kind == "test" && context_.tested ? context_.tested(step, of(index).path)
                                                       : std::string();
}

Result<void> StepOutputs::enter(std::size_t index, const fs::path& output,
                                const std::vector<ObjectCost>& costs, std::vector<StepRecord>& records) {
  const Step& step = plan_.steps[index];
  ORTFORGE_TRY(StoreEntry entry, new_entry(step, output));
  entry.content_key = content_key(index);
  entry.finished_ms = records[index].finished_ms;
  records[index].output_digest = entry.output_digest.sri();
  records[index].artefacts = entry.artefacts;
  ORTFORGE_CHECK(complete_result(index, output, records));
  std::vector<const StoreEntry*> needed;
  for (const std::size_t need : step.needs) needed.push_back(&of(need));
  ORTFORGE_TRY([[maybe_unused]] const std::uint64_t saved, link_equal_files(output, entry.artefacts, needed));
  if (!costs.empty() && records[index].cache.measures_compiling())
    ORTFORGE_CHECK(context_.recorder->set_object_costs(step.recipe.scope, costs));
  ORTFORGE_TRY(entries_[index], store_.commit(std::move(entry), output));
  // Another process may have been first: its output counts.
  records[index].output_digest = entries_[index]->output_digest.sri();
  records[index].artefacts = entries_[index]->artefacts;
  return {};
}

Result<void> StepOutputs::complete_result(std::size_t index, const fs::path& output,
                                          const std::vector<StepRecord>& records) const {
  if (!is_result(plan_, index) || !context_.complete_result) return {};
  return context_.complete_result(plan_, index, records, output);
}

std::string StepOutputs::content_key(std::size_t index) const {
  const Step& step = plan_.steps[index];
  std::vector<Digest> digests;
  for (const std::size_t need : step.needs) digests.push_back(of(need).output_digest);
  return content_key_of(step, digests, step.recipe.needs);
}

}  // namespace ortforge::build_detail

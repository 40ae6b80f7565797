// The record of a step before anything is known of how it ended.
#pragma once

#include "ortforge/build/executor.hpp"

namespace ortforge::build_detail {

// What the plan and the context say of step `index`; its start is now.
StepRecord new_step_record(const Plan& plan, std::size_t index, const BuildContext& context);

// The record of a step that did not run, closed at its start, without a log.
StepRecord not_run(StepRecord record, std::string status, std::string reason);

// The record of a step whose output was taken from the store.
StepRecord reused(StepRecord record, const StoreEntry& entry, std::string reason);

// The entry that a step's finished output becomes: its digest, and its files but for `prepare` (thousands of
// source files that are no artefacts). Content key and time are the caller's. Errors: as nar_digest,
// list_artefacts.
Result<StoreEntry> new_entry(const Step& step, const std::filesystem::path& output,
                             const StopAsked& stop = {});

bool is_result(const Plan& plan, std::size_t index);

}  // namespace ortforge::build_detail

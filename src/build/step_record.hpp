// The record of a step before anything is known of how it ended.
#pragma once

#include "ortforge/build/executor.hpp"

namespace ortforge::build_detail {

// What the plan and the context say of step `index`; its start is now.
StepRecord new_step_record(const Plan& plan, std::size_t index, const BuildContext& context);

// The record of a step that did not run, closed at its start, without a log.
StepRecord not_run(StepRecord record, std::string status, std::string reason);

bool is_result(const Plan& plan, std::size_t index);

}  // namespace ortforge::build_detail

// The running summary of every variant, kept beside the history so that reading it costs nothing. Inner
// header of `record`.
#pragma once

#include "sqlite.hpp"

#include "ortforge/record/database.hpp"

namespace ortforge::record_detail {

// What a variant's newest run comes to when a step joins it that says `now`; `before` is what that run has
// come to so far (empty: its first step). Order: as VariantState::last_status, else what the last step says.
std::string summed_status(const std::string& before, const std::string& now);

// Takes a new step into the summaries of its variants. Inside the caller's transaction.
void update_variant_states(Connection& connection, const StepRecord& step);

std::vector<Database::VariantState> read_variant_states(Connection& connection);

}  // namespace ortforge::record_detail

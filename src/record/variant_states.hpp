// The running summary of every variant, kept beside the history so that reading it costs nothing. Inner
// header of `record`.
#pragma once

#include "sqlite.hpp"

#include "ortforge/record/database.hpp"

namespace ortforge::record_detail {

// What a variant's newest run comes to when a step with `status` and `role` joins it; `before` is what that
// run has come to so far (empty: its first step). Order: "failed", "interrupted", "tested", "built", else
// what the last step says: "partly built" for one that succeeded, its own status otherwise.
std::string summed_status(const std::string& before, const std::string& status, const std::string& role);

// Takes a new step into the summaries of its variants. Inside the caller's transaction.
void update_variant_states(Connection& connection, const StepRecord& step);

std::vector<Database::VariantState> read_variant_states(Connection& connection);

}  // namespace ortforge::record_detail

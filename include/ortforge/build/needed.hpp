// Which steps of a plan have to run, given what the store holds.
#pragma once

#include <cstddef>
#include <vector>

#include "ortforge/build/store.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

enum class Need {
  none,    // only steps that are in the store read its output
  stored,  // its output is in the store and is used
  run,     // it has to run
};

// Walks back from the results and tests; a step in the store ends the walk. Steps whose key is not known
// count as run.
Result<std::vector<Need>> needed_steps(const Plan& plan, const Store& store);

// The step one wants to look into: the first that has to run and whose needs are all in the store, where a
// build would go on; the last step when none has to run. The plan has a step.
Result<std::size_t> next_step(const Plan& plan, const Store& store);

}  // namespace ortforge

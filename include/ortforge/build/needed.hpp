// Which steps of a plan have to run, given what the store holds.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ortforge/build/store.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

enum class Need {
  none,    // only steps that are in the store read its output
  stored,  // its output is in the store and is used
  remote,  // a remote store has its output, or had it and the store has it now
  run,     // it has to run
};

// Says whether a remote store has (or gave) the output of a step. Error: interrupted.
using AskRemote = std::function<Result<bool>(const Step&)>;

// Walks back from the results and tests; a step in the store ends the walk, and one that `remote` has, which
// is asked for the others whose key is known. Steps whose key is not known count as run. Errors: as
// Store::find, and what `remote` says.
Result<std::vector<Need>> needed_steps(const Plan& plan, const Store& store, const AskRemote& remote = {});

// The step one wants to look into: the first that has to run and whose needs are all in the store, or in the
// remote one, where a build would go on; the last step when none has to run. The plan has a step. Errors: as
// needed_steps.
Result<std::size_t> next_step(const Plan& plan, const Store& store, const AskRemote& remote = {});

}  // namespace ortforge

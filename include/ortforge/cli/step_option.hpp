// The option --step.
#pragma once

#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// The bad_input error for a name that is no step of the plan: the nearest ones, and all there are.
tl::unexpected<Error> unknown_step(const Plan& plan, const std::string& name);

}  // namespace ortforge

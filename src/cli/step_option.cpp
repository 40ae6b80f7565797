#include "ortforge/cli/step_option.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {

tl::unexpected<Error> unknown_step(const Plan& plan, const std::string& name) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) {
    const std::string known = step_name(plan, step);
    if (std::find(names.begin(), names.end(), known) == names.end()) names.push_back(known);
  }
  return fail(ErrorKind::bad_input, "--step {}: no such step{}; the steps are: {}", name,
              did_you_mean(name, names), join(names, ", "));
}

}  // namespace ortforge

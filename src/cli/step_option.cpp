#include "ortforge/cli/step_option.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge {

tl::unexpected<Error> unknown_step(const Plan& plan, const std::string& name) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) {
    if (std::find(names.begin(), names.end(), step.recipe.name) == names.end())
      names.push_back(step.recipe.name);
  }
  return fail(ErrorKind::bad_input, "--step {}: no such step{}; the steps are: {}", name,
              did_you_mean(name, names), join(names, ", "));
}

}  // namespace ortforge

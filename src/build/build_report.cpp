#include <algorithm>

#include "ortforge/build/executor.hpp"

namespace ortforge {

bool BuildReport::success() const {
  return !interrupted && std::none_of(steps.begin(), steps.end(), [](const StepRecord& step) {
    return step.status == "failed" || step.status == "interrupted" || step.status == "not run";
  });
}

std::optional<std::size_t> BuildReport::cause_of(const Plan& plan, std::size_t step) const {
  for (const std::size_t need : plan.steps[step].needs) {
    const std::string& status = steps[need].status;
    if (status == "failed" || status == "skipped") return need;
    if (status != "not run") continue;
    if (const auto cause = cause_of(plan, need)) return cause;
  }
  return std::nullopt;
}

}  // namespace ortforge

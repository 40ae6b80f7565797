#include <algorithm>

#include "ortforge/build/executor.hpp"

namespace ortforge {

bool BuildReport::success() const {
  return !interrupted && std::none_of(steps.begin(), steps.end(), [](const StepRecord& step) {
    return step.status == "failed" || step.status == "interrupted" || step.status == "not run";
  });
}

}  // namespace ortforge

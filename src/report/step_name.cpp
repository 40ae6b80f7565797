#include "ortforge/report/step_name.hpp"

#include <algorithm>

namespace ortforge {

std::string short_scope(const std::string& product, const std::string& scope) {
  if (product.empty() || !scope.starts_with(product + "-")) return scope;
  const std::size_t version_end = scope.find('-', product.size() + 1);
  return version_end == std::string::npos ? scope : scope.substr(version_end + 1);
}

std::string step_name(const Plan& plan, const Step& step) {
  const bool own = plan.results.empty() ||
                   std::any_of(plan.results.begin(), plan.results.end(), [&](const PlannedResult& result) {
                     return plan.steps[result.step].product == step.product;
                   });
  return own ? step.recipe.name : step.product + "." + step.recipe.name;
}

}  // namespace ortforge

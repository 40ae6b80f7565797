#include "ortforge/report/step_name.hpp"

namespace ortforge {

std::string short_scope(const std::string& product, const std::string& scope) {
  if (product.empty() || !scope.starts_with(product + "-")) return scope;
  const std::size_t version_end = scope.find('-', product.size() + 1);
  return version_end == std::string::npos ? scope : scope.substr(version_end + 1);
}

}  // namespace ortforge

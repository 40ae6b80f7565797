#include "ortforge/matrix/product.hpp"

namespace ortforge {

std::optional<ForeignNeed> foreign_need(const std::string& need) {
  const std::size_t dot = need.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return ForeignNeed{need.substr(0, dot), need.substr(dot + 1)};
}

std::vector<std::string> names_of_features_off(const Line& line) {
  std::vector<std::string> names;
  names.reserve(line.features_off.size());
  for (const FeatureOff& feature : line.features_off) names.push_back(feature.name);
  return names;
}

}  // namespace ortforge

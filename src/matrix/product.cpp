#include "ortforge/matrix/product.hpp"

namespace ortforge {

std::vector<std::string> names_of_features_off(const Line& line) {
  std::vector<std::string> names;
  names.reserve(line.features_off.size());
  for (const FeatureOff& feature : line.features_off) names.push_back(feature.name);
  return names;
}

}  // namespace ortforge

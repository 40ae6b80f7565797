#include <algorithm>

#include "ortforge/base/text.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {
namespace {

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

}  // namespace

NixLayerOf find_layer(const Matrix& matrix, const std::string& name) {
  const std::size_t slash = name.find('/');
  const std::size_t colon = name.rfind(':');
  if (slash == std::string::npos || colon == std::string::npos || colon < slash)
    return {nullptr, nullptr, nullptr, "expected PRODUCT/BRANCH:LAYER"};
  const std::string product = name.substr(0, slash);
  const std::string branch = name.substr(slash + 1, colon - slash - 1);
  const std::string layer = name.substr(colon + 1);
  const auto found_product = matrix.products.find(product);
  if (found_product == matrix.products.end()) {
    return {
        nullptr, nullptr, nullptr,
        fmt::format("there is no product '{}'{}", product, did_you_mean(product, keys_of(matrix.products)))};
  }
  const auto& branches = found_product->second.branches;
  const auto found_branch = branches.find(branch);
  if (found_branch == branches.end()) {
    return {nullptr, nullptr, nullptr,
            fmt::format("{} has no branch '{}'{}", product, branch, did_you_mean(branch, keys_of(branches)))};
  }
  std::vector<std::string> known;
  for (const NixLayer& candidate : found_branch->second.nix.layers) {
    if (candidate.name == layer && candidate.like.empty())
      return {&found_product->second, &found_branch->second, &candidate, {}};
    known.push_back(candidate.name);
  }
  return {nullptr, nullptr, nullptr,
          fmt::format("{} {} has no layer '{}' of its own{}", product, branch, layer,
                      did_you_mean(layer, known))};
}

}  // namespace ortforge

#include "ortforge/matrix/name.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge {

std::string cuda_part(std::string_view version) {
  std::string part = "cuda" + std::string(version);
  std::replace(part.begin(), part.end(), '.', '_');
  return part;
}

std::string python_part(std::string_view version) {
  std::string part = "python" + std::string(version);
  part.erase(std::remove(part.begin(), part.end(), '.'), part.end());
  return part;
}

std::string full_name(const Product& product, const Line& line, std::optional<int> sm, std::string_view isa) {
  std::string name = product.short_prefix;
  if (!line.python.empty()) name += "-" + python_part(line.python);
  if (sm) name += "-" + cuda_part(line.cuda);
  return name + "-" + short_name(sm, isa);
}

std::string short_name(std::optional<int> sm, std::string_view isa) {
  return sm ? fmt::format("sm{}-{}", *sm, isa) : fmt::format("cpu-{}", isa);
}

Result<BranchChoice> resolve_branch(const Matrix& matrix, const NameScope& scope) {
  const std::string& default_product =
      scope.default_product.empty() ? matrix.default_product : scope.default_product;
  const std::string& product_name = scope.product.empty() ? default_product : scope.product;
  const auto product = matrix.products.find(product_name);
  if (product == matrix.products.end()) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : matrix.products) names.push_back(name);
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("unknown product '{}'{}", product_name, did_you_mean(product_name, names)),
        "products: " + join(names, ", "));
  }
  const bool own_default = !scope.default_branch.empty() && product_name == default_product;
  const std::string& default_branch = own_default ? scope.default_branch : product->second.default_branch;
  const std::string& branch_name = scope.branch.empty() ? default_branch : scope.branch;
  const auto branch = product->second.branches.find(branch_name);
  if (branch == product->second.branches.end()) {
    const std::vector<std::string>& names = product->second.branch_order;
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("{} has no branch '{}'{}", product_name, branch_name, did_you_mean(branch_name, names)),
        fmt::format("branches of {}: {}", product_name, join(names, ", ")));
  }
  return BranchChoice{&product->second, &branch->second};
}

}  // namespace ortforge

#include "variant_point.hpp"

#include "ortforge/matrix/feasibility.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/matrix/name.hpp"

namespace ortforge {

Variant matrix_detail::variant_point(const Matrix& matrix, const Product& product, const Branch& branch,
                                     const Line& line, std::optional<int> sm, const std::string& isa) {
  Variant variant;
  variant.name = full_name(product, line, sm, isa);
  variant.short_name = short_name(sm, isa);
  variant.product = product.name;
  variant.branch = branch.name;
  variant.line = line.name;
  variant.cuda = line.cuda;
  variant.python = line.python;
  variant.sm = sm;
  variant.isa = isa;
  if (const auto found = matrix.hardware.isas.find(isa); found != matrix.hardware.isas.end()) {
    variant.platform = found->second.platform;
  }
  return variant;
}

std::vector<Variant> variants_of(const Matrix& matrix, const Product& product, const Branch& branch) {
  const FeasibilityJudge judge(matrix, branch);
  std::vector<Variant> variants;
  const auto add = [&](const Line& line, std::optional<int> sm, const std::string& isa) {
    Variant variant = matrix_detail::variant_point(matrix, product, branch, line, sm, isa);
    for (const std::string& backend : branch.backends) {
      variant.backends.emplace(backend, judge.judge(line, variant, backend));
    }
    variants.push_back(std::move(variant));
  };
  for (const std::string& name : branch.line_order) {
    const Line& line = branch.lines.at(name);
    for (const VariantBlock& block : line.blocks) {
      for (const int sm : block.sms) {
        for (const std::string& isa : block.isas) add(line, sm, isa);
      }
      if (block.sms.empty()) {
        for (const std::string& isa : block.isas) add(line, std::nullopt, isa);
      }
    }
  }
  return variants;
}

Isa isa_of(const Matrix& matrix, const Branch& branch, const std::string& name) {
  Isa isa = matrix.hardware.isas.at(name);
  const auto change = branch.isas.find(name);
  if (change == branch.isas.end()) return isa;
  if (!change->second.flags.empty()) isa.flags = change->second.flags;
  const std::vector<std::string>& more = change->second.features;
  isa.features.insert(isa.features.end(), more.begin(), more.end());
  return isa;
}

std::vector<Variant> all_variants(const Matrix& matrix) {
  std::vector<Variant> all;
  for (const auto& [name, product] : matrix.products) {
    for (const std::string& branch : product.branch_order) {
      std::vector<Variant> variants = variants_of(matrix, product, product.branches.at(branch));
      all.insert(all.end(), std::make_move_iterator(variants.begin()),
                 std::make_move_iterator(variants.end()));
    }
  }
  return all;
}

}  // namespace ortforge

// What branches require of other products, and needs of components on them.
#include <algorithm>
#include <set>

#include "meaning.hpp"
#include "readers.hpp"
#include "variant_point.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_meaning {
namespace {

// The branch of `product` that is required under this name; null, with what is wrong, when it is not there.
const Branch* find_required(const Matrix& matrix, const Product& own, const std::string& product,
                            const std::string& name, std::string& fault) {
  if (product == own.name) {
    fault = "a product cannot be built on itself";
    return nullptr;
  }
  const auto found = matrix.products.find(product);
  if (found == matrix.products.end()) {
    fault =
        fmt::format("there is no product '{}'{}", product, did_you_mean(product, names_of(matrix.products)));
    return nullptr;
  }
  const auto branch = found->second.branches.find(name);
  if (branch != found->second.branches.end()) return &branch->second;
  fault =
      fmt::format("{} has no branch '{}'{}", product, name, did_you_mean(name, found->second.branch_order));
  return nullptr;
}

// Every variant must have one of the required branch to be built on.
void check_variants(const Matrix& matrix, const Product& product, const Branch& branch,
                    const Branch& required, const std::string& required_product, const std::string& path,
                    Findings& findings) {
  std::size_t lacking = 0;
  std::string first;
  const auto look = [&](const Line& line, std::optional<int> sm, const std::string& isa) {
    if (matrix_detail::line_offering(required, line.cuda, line.python, sm, isa) != nullptr) return;
    const Variant variant = matrix_detail::variant_point(matrix, product, branch, line, sm, isa);
    if (++lacking == 1) first = fmt::format("{} ({})", variant.name, matrix_detail::axes_words(variant));
  };
  for (const std::string& name : branch.line_order) {
    const Line& line = branch.lines.at(name);
    for (const VariantBlock& block : line.blocks) {
      for (const std::string& isa : block.isas) {
        for (const int sm : block.sms) look(line, sm, isa);
        if (block.sms.empty()) look(line, std::nullopt, isa);
      }
    }
  }
  if (lacking == 0) return;
  findings.error(path, fmt::format("{} {} has no variant to build {} on{}", required_product, required.name,
                                   first, lacking == 1 ? "" : fmt::format(", and {} more", lacking - 1)));
}

// A need "pytorch.package": of a product that is required, on a component that gives something.
void check_need(const Branch& branch, const std::map<std::string, const Branch*>& required,
                const std::string& need, const std::string& path, Findings& findings) {
  const auto foreign = foreign_need(need);
  if (!foreign) return;
  if (!branch.required.contains(foreign->product)) {
    findings.error(path, fmt::format("'{}' is of a product that this branch does not require{}", need,
                                     did_you_mean(foreign->product, names_of(branch.required))));
    return;
  }
  const auto other = required.find(foreign->product);
  if (other == required.end()) return;  // that it is not there is said already
  std::vector<std::string> known;
  for (const Component& component : other->second->components) {
    if (component.kind != "build" && component.kind != "package") continue;
    if (component.name == foreign->component) return;
    known.push_back(component.name);
  }
  findings.error(path, fmt::format("'{}': branch {} of {} has no build or package component '{}'{}", need,
                                   other->second->name, foreign->product, foreign->component,
                                   did_you_mean(foreign->component, known)));
}

// Whether requirements lead from one branch to another; `way` is lengthened by what lies between.
bool requirement_leads_to(const Matrix& matrix, const std::string& product, const std::string& branch,
                          const std::string& target, std::set<std::string>& seen,
                          std::vector<std::string>& way) {
  const std::string name = product + "/" + branch;
  way.push_back(name);
  if (name == target) return true;
  const auto found = matrix.products.find(product);
  if (found != matrix.products.end() && found->second.branches.contains(branch) && seen.insert(name).second) {
    for (const auto& [next, next_branch] : found->second.branches.at(branch).required) {
      if (requirement_leads_to(matrix, next, next_branch, target, seen, way)) return true;
    }
  }
  way.pop_back();
  return false;
}

}  // namespace

void check_required(const Matrix& matrix, const Product& product, const Branch& branch, Findings& findings) {
  std::map<std::string, const Branch*> required;
  for (const auto& [other, name] : branch.required) {
    const std::string path = matrix_reader::member_path(".requires", other);
    std::string fault;
    const Branch* found = find_required(matrix, product, other, name, fault);
    if (found == nullptr) {
      findings.error(path, fault);
      continue;
    }
    const std::string own = product.name + "/" + branch.name;
    std::set<std::string> seen;
    std::vector<std::string> way{own};
    if (requirement_leads_to(matrix, other, name, own, seen, way)) {
      findings.error(path, "requires itself: " + join(way, " -> "));
      continue;
    }
    required.emplace(other, found);
    check_variants(matrix, product, branch, *found, other, path, findings);
  }
  for (const Component& component : branch.components) {
    for (const std::string& need : component.needs) {
      check_need(branch, required, need,
                 fmt::format(".pipeline({}).{}.needs", branch.pipeline, component.name), findings);
    }
  }
}

}  // namespace ortforge::matrix_meaning

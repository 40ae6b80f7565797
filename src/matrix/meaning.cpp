#include "meaning.hpp"

#include <algorithm>

#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using matrix_meaning::Findings;
using matrix_meaning::names_of;

void check_environment(const Matrix& matrix, const std::string& name, const std::string& path,
                       Findings& findings) {
  if (matrix.environments.contains(name)) return;
  findings.error(path, fmt::format("environments.json has no environment '{}'{}", name,
                                   did_you_mean(name, names_of(matrix.environments))));
}

// Lines name components of the branch, and environments of the matrix.
void check_line_environments(const Matrix& matrix, const Branch& branch, Findings& findings) {
  std::vector<std::string> components;
  for (const Component& component : branch.components) components.push_back(component.name);
  for (const auto& [name, line] : branch.lines) {
    for (const auto& [component, environment] : line.environments) {
      const std::string path =
          matrix_reader::member_path(matrix_reader::member_path(".lines", name) + ".environments", component);
      if (std::find(components.begin(), components.end(), component) == components.end()) {
        findings.error(path, fmt::format("pipeline {} has no component '{}'{}", branch.pipeline, component,
                                         did_you_mean(component, components)));
      }
      check_environment(matrix, environment, path, findings);
    }
  }
}

// What is wrong with one branch, with paths relative to it, so that a branch does not repeat what its parent
// has.
std::vector<Finding> check_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                                  const std::string& file) {
  Findings findings(file);
  if (!matrix_meaning::is_plain_name(branch.name)) {
    findings.error("", fmt::format("'{}' is no name for a branch: expected letters, digits, '_', '.' and '-'",
                                   branch.name));
  }
  check_environment(matrix, branch.environment, ".environment", findings);
  check_line_environments(matrix, branch, findings);
  for (const auto& [name, change] : branch.isas) {
    if (matrix.hardware.isas.contains(name)) continue;
    findings.error(matrix_reader::member_path(".isas", name),
                   fmt::format("hardware.json has no ISA '{}'{}", name,
                               did_you_mean(name, names_of(matrix.hardware.isas))));
  }
  matrix_meaning::check_lines(matrix.hardware, branch, "", findings);
  matrix_meaning::check_sources(branch, "", findings);
  matrix_meaning::check_components(branch, "", findings);
  matrix_meaning::check_nix(matrix, branch, findings);
  matrix_meaning::check_required(matrix, product, branch, findings);
  return findings.list();
}

void check_product(const Matrix& matrix, const Product& product, std::vector<Finding>& all) {
  const std::string file = (matrix.directory / (product.name + ".json")).string();
  if (!product.branches.contains(product.default_branch)) {
    all.push_back({file, "$.default_branch",
                   fmt::format("there is no branch '{}'{}", product.default_branch,
                               did_you_mean(product.default_branch, product.branch_order)),
                   Severity::error});
  }
  std::map<std::string, std::vector<Finding>> by_branch;
  for (const auto& [name, branch] : product.branches)
    by_branch.emplace(name, check_branch(matrix, product, branch, file));
  for (const std::string& name : product.branch_order) {
    const auto parent = by_branch.find(product.branches.at(name).inherits);
    for (Finding finding : by_branch.at(name)) {
      if (parent != by_branch.end() &&
          std::find(parent->second.begin(), parent->second.end(), finding) != parent->second.end()) {
        continue;
      }
      finding.path = matrix_reader::member_path("$.branches", name) + finding.path;
      all.push_back(std::move(finding));
    }
  }
  Findings axes(file);
  matrix_meaning::check_axes(product, axes);
  all.insert(all.end(), axes.list().begin(), axes.list().end());
}

}  // namespace

std::string describe(const Finding& finding) {
  if (finding.path.empty()) return fmt::format("{}: {}", finding.file, finding.message);
  return fmt::format("{}: {}: {}", finding.file, finding.path, finding.message);
}

std::vector<Finding> check_meaning(const Matrix& matrix) {
  Findings hardware((matrix.directory / "hardware.json").string());
  matrix_meaning::check_hardware(matrix.hardware, hardware);
  std::vector<Finding> all = hardware.list();
  std::string first_default;
  std::map<std::string, std::string> prefixes;
  for (const auto& [name, product] : matrix.products) {
    const std::string file = (matrix.directory / (name + ".json")).string();
    if (product.is_default && !first_default.empty()) {
      all.push_back({file, "$.default", fmt::format("'{}' is the default product already", first_default),
                     Severity::error});
    }
    if (product.is_default) first_default = name;
    if (const auto [other, fresh] = prefixes.emplace(product.short_prefix, name); !fresh) {
      all.push_back({file, "$.short_prefix",
                     fmt::format("'{}' begins its names with '{}' too", other->second, product.short_prefix),
                     Severity::error});
    }
    check_product(matrix, product, all);
  }
  return all;
}

}  // namespace ortforge

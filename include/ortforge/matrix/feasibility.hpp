// What can be built by which backend, and why not: rules over the facts of the matrix (docs/matrix.md,
// Feasibility).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/matrix/filter.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// Judges the variants of one branch; its filter expressions are parsed once, at construction. The matrix and
// branch must outlive it and be validated (load_matrix).
class FeasibilityJudge {
 public:
  FeasibilityJudge(const Matrix& matrix, const Branch& branch);

  // Whether `backend` can build a variant of `line`. Rules are tried in this order, the first that fails is
  // the answer: platform, isa-beside-gpu, toolkit-target, environment-python, source-pin, nix-layers,
  // backend-line, then the branch's gaps, then those of the variants that it is built on (required).
  Feasibility judge(const Line& line, const Variant& variant, const std::string& backend) const;

 private:
  Feasibility hardware_rules(const Line& line, const Variant& variant) const;
  Feasibility source_rules(const Line& line, const Variant& variant, const std::string& backend) const;
  Feasibility required_rules(const Variant& variant, const std::string& backend) const;
  Feasibility gap_rules(const Variant& variant, const std::string& backend) const;
  bool sets_option(const Variant& variant, const std::string& backend, const Gap& gap) const;

  const Matrix& matrix_;
  const Branch& branch_;
  std::vector<std::pair<const Gap*, Filter>> gaps_;
  std::vector<std::pair<const Source*, Filter>> unpinned_;
  std::vector<std::pair<const CmakeOption*, Filter>> options_;  // only those that a gap asks for
  std::map<std::string, FeasibilityJudge> required_;            // of required branches, by product
};

}  // namespace ortforge

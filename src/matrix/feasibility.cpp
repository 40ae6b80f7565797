#include "ortforge/matrix/feasibility.hpp"

#include <algorithm>

#include "variant_point.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// Expressions of a loaded matrix are known to parse; one that does not (a hand-made matrix) concerns every
// variant.
Filter parsed(const std::string& when) {
  if (when.empty()) return Filter::everything();
  Result<Filter> filter = Filter::parse(when);
  return filter ? *std::move(filter) : Filter::everything();
}

Feasibility infeasible(std::string rule, std::string fact) {
  return {false, std::move(rule), std::move(fact)};
}

// The ISAs of a platform that stand beside an SM, joined for a message.
std::string isas_beside(const Hardware& hardware, const Sm& sm, const std::string& platform) {
  std::vector<std::string> names;
  for (const auto& [name, isa] : hardware.isas) {
    if (isa.platform == platform && stands_beside(hardware, sm, isa)) names.push_back(name);
  }
  return join(names, ", ");
}

}  // namespace

FeasibilityJudge::FeasibilityJudge(const Matrix& matrix, const Branch& branch)
    : matrix_(matrix), branch_(branch) {
  for (const Gap& gap : branch.gaps) gaps_.emplace_back(&gap, parsed(gap.when));
  for (const auto& [name, source] : branch.sources) {
    if (!source.unpinned.empty()) unpinned_.emplace_back(&source, parsed(source.when));
  }
  for (const CmakeOption& option : branch.options) {
    const bool asked = std::any_of(branch.gaps.begin(), branch.gaps.end(),
                                   [&](const Gap& gap) { return gap.option_name == option.name; });
    if (asked) options_.emplace_back(&option, parsed(option.when));
  }
  for (const auto& [product, name] : branch.required)
    required_.emplace(product, FeasibilityJudge(matrix, matrix.products.at(product).branches.at(name)));
}

Feasibility FeasibilityJudge::hardware_rules(const Line& line, const Variant& variant) const {
  const auto isa = matrix_.hardware.isas.find(variant.isa);
  if (isa == matrix_.hardware.isas.end() || !variant.sm) return {};
  const Sm& sm = matrix_.hardware.sms.at(*variant.sm);
  if (std::find(sm.platforms.begin(), sm.platforms.end(), variant.platform) == sm.platforms.end()) {
    return infeasible("platform",
                      fmt::format("sm_{} exists on {} only", sm.number, join(sm.platforms, ", ")));
  }
  if (!stands_beside(matrix_.hardware, sm, isa->second)) {
    return infeasible("isa-beside-gpu",
                      fmt::format("on {}, sm_{} exists beside {} only", variant.platform, sm.number,
                                  isas_beside(matrix_.hardware, sm, variant.platform)));
  }
  if (!has_target(matrix_.hardware.toolkits.at(line.cuda), sm.number)) {
    return infeasible("toolkit-target", fmt::format("nvcc {} has no sm_{}", line.cuda, sm.number));
  }
  return {};
}

Feasibility FeasibilityJudge::source_rules(const Line& line, const Variant& variant,
                                           const std::string& backend) const {
  if (backend == "nix" && branch_.nix.layers.empty())
    return infeasible("nix-layers",
                      "the matrix does not say which packages of nixpkgs this branch builds on");
  if (backend != "cmake")
    return {};  // the Nix backend takes Python and sources from its pinned package collection
  const EnvironmentSpec& environment = matrix_.environments.at(branch_.environment);
  if (!environment.python.empty() && !line.python.empty() && environment.python != line.python) {
    return infeasible("environment-python", fmt::format("{} has Python {}, this line is for {}",
                                                        environment.name, environment.python, line.python));
  }
  for (const auto& [source, when] : unpinned_) {
    if (when.matches(variant, backend)) {
      return infeasible("source-pin",
                        fmt::format("the source {} has no digest: {}", source->name, source->unpinned));
    }
  }
  return {};
}

bool FeasibilityJudge::sets_option(const Variant& variant, const std::string& backend, const Gap& gap) const {
  if (gap.option_name.empty()) return true;
  return std::any_of(options_.begin(), options_.end(), [&](const auto& entry) {
    const auto& [option, when] = entry;
    return option->name == gap.option_name && option->value == gap.option_value &&
           when.matches(variant, backend);
  });
}

Feasibility FeasibilityJudge::gap_rules(const Variant& variant, const std::string& backend) const {
  for (const auto& [gap, when] : gaps_) {
    if (gap->backend == backend && when.matches(variant, backend) && sets_option(variant, backend, *gap)) {
      return infeasible(gap->rule, gap->fact);
    }
  }
  return {};
}

Feasibility FeasibilityJudge::required_rules(const Variant& variant, const std::string& backend) const {
  for (const auto& [name, judge] : required_) {
    const Branch& branch = judge.branch_;
    const Line* line =
        matrix_detail::line_offering(branch, variant.cuda, variant.python, variant.sm, variant.isa);
    if (line == nullptr ||
        std::find(branch.backends.begin(), branch.backends.end(), backend) == branch.backends.end()) {
      return infeasible("required",
                        fmt::format("{} {} has nothing to build it on with {}", name, branch.name, backend));
    }
    const Variant other = matrix_detail::variant_point(matrix_, matrix_.products.at(name), branch, *line,
                                                       variant.sm, variant.isa);
    const Feasibility answer = judge.judge(*line, other, backend);
    if (!answer.feasible)
      return infeasible("required", fmt::format("{} is infeasible: {}", other.name, answer.fact));
  }
  return {};
}

Feasibility FeasibilityJudge::judge(const Line& line, const Variant& variant,
                                    const std::string& backend) const {
  if (Feasibility answer = hardware_rules(line, variant); !answer.feasible) return answer;
  if (Feasibility answer = source_rules(line, variant, backend); !answer.feasible) return answer;
  if (const auto gap = line.backend_gaps.find(backend); gap != line.backend_gaps.end()) {
    return infeasible("backend-line", gap->second);
  }
  if (Feasibility answer = gap_rules(variant, backend); !answer.feasible) return answer;
  return required_rules(variant, backend);
}

}  // namespace ortforge

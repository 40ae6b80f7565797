#include "schedule.hpp"

#include <algorithm>

namespace ortforge::build_detail {

Schedule::Schedule(const Plan& plan, std::size_t jobs)
    : plan_(plan),
      jobs_(jobs),
      states_(plan.steps.size(), StepState::unneeded),
      chains_(plan.steps.size(), 0) {}

void Schedule::set_costs(const std::vector<std::int64_t>& costs) {
  std::fill(chains_.begin(), chains_.end(), 0);
  // Needs stand before the steps that have them, so one pass from the end sees every reader first.
  for (std::size_t i = plan_.steps.size(); i-- > 0;) {
    chains_[i] += costs[i];
    for (const std::size_t need : plan_.steps[i].needs) chains_[need] = std::max(chains_[need], chains_[i]);
  }
}

std::vector<std::size_t> Schedule::ready() const {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    const auto& needs = plan_.steps[i].needs;
    const bool can_run = states_[i] == StepState::pending &&
                         std::all_of(needs.begin(), needs.end(),
                                     [&](std::size_t need) { return states_[need] == StepState::done; });
    if (can_run) ready.push_back(i);
  }
  std::stable_sort(ready.begin(), ready.end(),
                   [&](std::size_t a, std::size_t b) { return chains_[a] > chains_[b]; });
  return ready;
}

std::optional<Schedule::Start> Schedule::next(std::size_t busy, const std::set<std::size_t>& tried) const {
  if (busy >= jobs_) return std::nullopt;
  std::vector<std::size_t> steps = ready();
  std::erase_if(steps, [&](std::size_t step) { return tried.contains(step); });
  if (steps.empty()) return std::nullopt;
  const bool parallel = plan_.steps[steps.front()].recipe.kind == "build";
  return Start{steps.front(), parallel ? std::max<std::size_t>(1, (jobs_ - busy) / steps.size()) : 1};
}

std::string Schedule::blocked_by(std::size_t step) const {
  for (const std::size_t need : plan_.steps[step].needs) {
    if (states_[need] == StepState::failed || states_[need] == StepState::pending)
      return plan_.steps[need].recipe.scope;
  }
  return {};
}

}  // namespace ortforge::build_detail

#include "schedule.hpp"

#include <algorithm>
#include <limits>

namespace ortforge::build_detail {
namespace {

constexpr std::int64_t kLong = 300'000;  // milliseconds of CPU time
constexpr std::size_t kCoresOfLong = 8;  // that a long build gets at least

}  // namespace

Schedule::Schedule(const Plan& plan, std::size_t jobs, std::optional<std::uint64_t> memory)
    : plan_(plan),
      jobs_(jobs),
      memory_(memory.value_or(std::numeric_limits<std::uint64_t>::max())),
      states_(plan.steps.size(), StepState::unneeded),
      costs_(plan.steps.size(), 0),
      chains_(plan.steps.size(), 0),
      demands_(plan.steps.size()) {}

void Schedule::set_costs(const std::vector<std::int64_t>& costs) {
  costs_ = costs;
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

bool Schedule::is_long(std::size_t step) const {
  return plan_.steps[step].recipe.kind == "build" && costs_[step] > kLong;
}

std::size_t Schedule::cores_of_long() const {
  const std::size_t most = std::max<std::size_t>(jobs_ / kCoresOfLong, 1);
  std::size_t builds = 0;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) builds += is_long(i) ? 1 : 0;
  const auto divided = [](std::size_t a, std::size_t b) { return (a + b - 1) / b; };
  const std::size_t rounds = std::max<std::size_t>(divided(builds, most), 1);
  return jobs_ / std::max<std::size_t>(divided(builds, rounds), 1);
}

std::optional<Schedule::Start> Schedule::next(const Load& load, const std::set<std::size_t>& tried) const {
  if (load.jobs >= jobs_ || load.alone) return std::nullopt;
  const std::size_t free_jobs = jobs_ - load.jobs;
  std::vector<std::size_t> steps = ready();
  std::erase_if(steps, [&](std::size_t step) { return tried.contains(step); });
  const std::uint64_t free = memory_ - std::min(memory_, load.bytes);
  const auto sought = static_cast<std::size_t>(std::count(states_.begin(), states_.end(), StepState::sought));
  const std::size_t sharers = steps.size() + sought;
  for (const std::size_t step : steps) {
    Share share = fitting_share(demands_[step], 1, free);
    share.alone = is_alone(step) || share.bytes > memory_;
    if (share.alone) return load.steps > 0 ? std::nullopt : std::optional<Start>(Start{step, share});
    if (share.bytes > free) continue;
    if (plan_.steps[step].recipe.kind == "build") {
      const Share least =
          is_long(step) ? fitting_share(demands_[step], std::min(jobs_, kCoresOfLong), memory_) : share;
      if (free_jobs < least.jobs || free < least.bytes) continue;
      const std::size_t turn = is_long(step) ? std::min(cores_of_long(), free_jobs) : 1;
      const std::size_t jobs = std::max({least.jobs, turn, free_jobs / sharers});
      const std::size_t beside = std::min(sharers, free_jobs / jobs);
      share = fitting_share(demands_[step], jobs, std::max(least.bytes, free / beside));
    }
    return Start{step, share};
  }
  return std::nullopt;
}

std::string Schedule::blocked_by(std::size_t step) const {
  for (const std::size_t need : plan_.steps[step].needs) {
    if (states_[need] == StepState::failed || states_[need] == StepState::pending)
      return plan_.steps[need].recipe.scope;
  }
  return {};
}

}  // namespace ortforge::build_detail

#include "ortforge/plan/shards.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace ortforge {
namespace {

using Steps = std::set<std::size_t>;

std::int64_t cost_of(const Steps& steps, const std::vector<std::int64_t>& costs, const Steps& done) {
  return std::accumulate(
      steps.begin(), steps.end(), std::int64_t{0},
      [&](std::int64_t sum, std::size_t step) { return done.contains(step) ? sum : sum + costs[step]; });
}

}  // namespace

std::vector<Shard> make_shards(const Plan& plan, const std::vector<std::int64_t>& costs, std::size_t count) {
  std::vector<Steps> steps;
  std::vector<std::int64_t> totals;
  for (const PlannedResult& result : plan.results) {
    steps.push_back(steps_of(plan, result));
    totals.push_back(cost_of(steps.back(), costs, {}));
  }
  std::vector<std::size_t> order(plan.results.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return totals[a] > totals[b]; });

  std::vector<Shard> shards(std::min(count, plan.results.size()));
  std::vector<Steps> taken(shards.size());
  for (const std::size_t result : order) {
    const auto with_it = [&](std::size_t shard) {
      const std::int64_t added = cost_of(steps[result], costs, taken[shard]);
      return std::tuple(shards[shard].cost + added, added, shards[shard].results.size());
    };
    std::size_t best = 0;
    for (std::size_t shard = 1; shard < shards.size(); ++shard) {
      if (with_it(shard) < with_it(best)) best = shard;
    }
    shards[best].cost = std::get<0>(with_it(best));
    shards[best].results.push_back(result);
    taken[best].insert(steps[result].begin(), steps[result].end());
  }
  std::erase_if(shards, [](const Shard& shard) { return shard.results.empty(); });
  for (Shard& shard : shards) std::sort(shard.results.begin(), shard.results.end());
  return shards;
}

}  // namespace ortforge

// Divides the results of a plan among machines that work side by side. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ortforge/plan/plan.hpp"

namespace ortforge {

struct Shard {
  std::vector<std::size_t> results;  // indices into Plan::results, ascending; never empty
  std::int64_t cost = 0;             // of its steps, each once

  bool operator==(const Shard&) const = default;
};

// At most `count` shards. `costs` has one cost for each step of the plan. The dearest result goes first, each
// to the shard that is cheapest with it: steps that stand on a shard already cost nothing there. Equal ones
// are settled by what the result adds, by the number of results, then by order, so that equal plans give
// equal shards.
std::vector<Shard> make_shards(const Plan& plan, const std::vector<std::int64_t>& costs, std::size_t count);

}  // namespace ortforge

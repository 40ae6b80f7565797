// What a step takes of the machine: processes side by side, and their memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ortforge::build_detail {

// The largest process of a step, and the largest of those that do not belong to its heavy targets; equal
// where it has none. 0: not known, counts as nothing.
struct Demand {
  std::uint64_t peak_bytes = 0;
  std::uint64_t ordinary_bytes = 0;
};

// What a step may use while it runs.
struct Share {
  std::size_t jobs = 1;
  std::size_t heavy_jobs = 1;  // of them, at most so many for heavy targets
  std::uint64_t bytes = 0;     // what all of them may take at their peaks
  bool alone = false;          // nothing runs beside it
  bool operator==(const Share&) const = default;
};

// Shares of running steps together.
struct Load {
  std::size_t steps = 0;
  std::size_t jobs = 0;
  std::uint64_t bytes = 0;
  bool alone = false;

  void add(const Share& share);
};

// As many jobs as fit into `memory`, at most `jobs`: heavy ones first, ordinary ones with what is left. One
// heavy job in any case.
Share fitting_share(const Demand& demand, std::size_t jobs, std::uint64_t memory);

}  // namespace ortforge::build_detail

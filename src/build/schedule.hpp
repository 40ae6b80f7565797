// Which steps of a plan may start, in which order and on how many cores. Starts nothing itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ortforge/plan/plan.hpp"

namespace ortforge::build_detail {

enum class StepState {
  unneeded,  // nothing that runs reads its output
  pending,   // has to run
  running,
  done,    // its output is in the store
  failed,  // did not succeed; nothing that needs it may run
};

class Schedule {
 public:
  // Every step is unneeded at first; costs are zero.
  Schedule(const Plan& plan, std::size_t jobs);

  StepState state(std::size_t step) const { return states_[step]; }
  void set(std::size_t step, StepState state) { states_[step] = state; }
  // What each step is expected to cost, in CPU milliseconds: the longest chain of work starts first.
  void set_costs(const std::vector<std::int64_t>& costs);

  // Pending steps whose needs are done, the longest chain of work first.
  std::vector<std::size_t> ready() const;

  struct Start {
    std::size_t step;
    std::size_t cores;
  };
  // The step to start now, when `busy` cores are taken, of those not in `tried`: builds share what is free
  // evenly, other steps take one core. Nothing when there is none or no core is free.
  std::optional<Start> next(std::size_t busy, const std::set<std::size_t>& tried) const;

  // The first of a step's needs that failed or never ran; its scope, or empty when there is none.
  std::string blocked_by(std::size_t step) const;

 private:
  const Plan& plan_;
  std::size_t jobs_;
  std::vector<StepState> states_;
  std::vector<std::int64_t> chains_;  // cost of a step and of the dearest chain that waits for it
};

}  // namespace ortforge::build_detail

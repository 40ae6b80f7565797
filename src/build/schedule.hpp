// Which steps of a plan may start, in which order, on how many cores and with how much memory. Starts nothing
// itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "share.hpp"

#include "ortforge/plan/plan.hpp"

namespace ortforge::build_detail {

enum class StepState {
  unneeded,  // nothing that runs reads its output
  pending,   // has to run
  sought,    // has to run unless its output is found elsewhere, where it is being looked for
  running,
  done,    // its output is in the store
  failed,  // did not succeed; nothing that needs it may run
};

class Schedule {
 public:
  // Every step is unneeded at first; costs and demands are zero. `memory`: bytes that running steps may take
  // together; nothing: no limit.
  Schedule(const Plan& plan, std::size_t jobs, std::optional<std::uint64_t> memory = std::nullopt);

  StepState state(std::size_t step) const { return states_[step]; }
  void set(std::size_t step, StepState state) { states_[step] = state; }
  // What each step is expected to cost, in CPU milliseconds: the longest chain of work starts first.
  void set_costs(const std::vector<std::int64_t>& costs);
  // What the processes of each step are expected to take.
  void set_demands(std::vector<Demand> demands) { demands_ = std::move(demands); }
  // The step runs with one job and nothing beside it.
  void set_alone(std::size_t step) { alone_.insert(step); }
  bool is_alone(std::size_t step) const { return alone_.contains(step); }

  // Pending steps whose needs are done, the longest chain of work first.
  std::vector<std::size_t> ready() const;

  struct Start {
    std::size_t step;
    Share share;
  };
  // The step to start now, beside `load`, of those not in `tried`: the first whose largest process fits into
  // the free memory. Builds share free cores and memory evenly, with those that are sought, other steps take
  // one core. A build of more than five minutes of CPU time gets eight cores or more, so that all of those
  // that the plan has come in equal turns (nine of them on 34 cores: three times three, with 11 cores each),
  // or as many as there are and memory allows: cores cannot be handed over to a compilation that runs, so of
  // two that begin together the longer one would end on half a machine, and one left over on a quarter. It
  // waits for eight and lets shorter ones go. A step that runs alone, or whose largest process exceeds all
  // memory, waits until nothing runs, and what stands behind it waits too. Nothing when none can start now.
  std::optional<Start> next(const Load& load, const std::set<std::size_t>& tried) const;

  // The first of a step's needs that failed or never ran; its scope, or empty when there is none.
  std::string blocked_by(std::size_t step) const;

 private:
  bool is_long(std::size_t step) const;
  // How many cores each long build gets.
  std::size_t cores_of_long() const;

  const Plan& plan_;
  std::size_t jobs_;
  std::uint64_t memory_;
  std::vector<StepState> states_;
  std::vector<std::int64_t> costs_;
  std::vector<std::int64_t> chains_;  // cost of a step and of the dearest chain that waits for it
  std::vector<Demand> demands_;
  std::set<std::size_t> alone_;
};

}  // namespace ortforge::build_detail

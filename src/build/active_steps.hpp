// The steps that run now.
#pragma once

#include <algorithm>
#include <list>
#include <memory>

#include "active_step.hpp"

namespace ortforge::build_detail {

class ActiveSteps {
 public:
  bool empty() const { return steps_.empty(); }
  auto begin() const { return steps_.begin(); }
  auto end() const { return steps_.end(); }
  // What they were given together.
  Load load() const {
    Load sum;
    for (const auto& step : steps_) sum.add(step->share());
    return sum;
  }
  // The step whose current command is this process, or null.
  ActiveStep* find(ProcessId process) const {
    const auto found =
        std::find_if(begin(), end(), [&](const auto& step) { return step->process() == process; });
    return found == end() ? nullptr : found->get();
  }

  ActiveStep& add(std::unique_ptr<ActiveStep> step) { return *steps_.emplace_back(std::move(step)); }
  // Its work directory is free for others then.
  void remove(const ActiveStep& step) {
    steps_.remove_if([&](const auto& other) { return other.get() == &step; });
  }

 private:
  std::list<std::unique_ptr<ActiveStep>> steps_;
};

}  // namespace ortforge::build_detail

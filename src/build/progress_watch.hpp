// Follows the running steps of a plan and shows how far they are.
#pragma once

#include <cstdint>
#include <vector>

#include "active_steps.hpp"
#include "schedule.hpp"

#include "ortforge/build/progress.hpp"

namespace ortforge::build_detail {

class ProgressWatch {
 public:
  ProgressWatch(const Plan& plan, std::size_t jobs, BuildContext& context)
      : plan_(plan), context_(context), model_(plan.steps.size(), jobs) {}

  // Takes in what the pending steps are expected to cost, and tells the schedule.
  Result<void> expect(Schedule& schedule);

  void start(const ActiveStep& step);
  void finish(std::size_t step) { model_.finish(step); }
  // A step that will go on later.
  void pause(std::size_t step) { model_.pause(step); }
  // A step that turned out not to run, or not to end well.
  void drop(std::size_t step) { model_.drop(step); }

  // Looks at what the running steps have done since, and tells the listener.
  void show(const ActiveSteps& active);

  // Tells the listener that nothing runs, and whose outputs go into the remote store.
  void show_pushing(const std::vector<std::size_t>& steps);

 private:
  const Plan& plan_;
  BuildContext& context_;
  ProgressModel model_;
  std::int64_t logs_read_ms_ = 0;
  std::int64_t pushing_since_ms_ = 0;
};

}  // namespace ortforge::build_detail

#include "progress_watch.hpp"

#include <algorithm>

namespace ortforge::build_detail {
namespace {

constexpr std::int64_t kLogReadInterval = 2000;  // milliseconds between two looks at Ninja's logs

}  // namespace

Result<void> ProgressWatch::expect(Schedule& schedule) {
  std::vector<std::int64_t> costs(plan_.steps.size(), 0);
  std::vector<Demand> demands(plan_.steps.size());
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (schedule.state(i) != StepState::pending) continue;
    ORTFORGE_TRY(const ExpectedCost expected, expected_cost(plan_.steps[i], *context_.recorder));
    costs[i] = expected.cpu_ms;
    demands[i] = {expected.peak_bytes, expected.ordinary_bytes};
    model_.expect(i, expected.cpu_ms, expected.objects);
  }
  schedule.set_costs(costs);
  schedule.set_demands(std::move(demands));
  return {};
}

void ProgressWatch::start(const ActiveStep& step) {
  model_.start(step.index(), context_.now_ms());
  model_.set_objects(step.index(), step.object_costs());
}

void ProgressWatch::show(const ActiveSteps& active) {
  const std::int64_t now = context_.now_ms();
  const bool read_logs = now - logs_read_ms_ >= kLogReadInterval;
  if (read_logs) logs_read_ms_ = now;
  for (const auto& step : active) {
    if (read_logs) model_.set_objects(step->index(), step->object_costs());
    if (const auto status = step->new_status()) model_.set_status(step->index(), *status);
  }
  context_.listener->progress(model_.view(now));
}

void ProgressWatch::show_pushing(const std::vector<std::size_t>& steps) {
  const std::int64_t now = context_.now_ms();
  if (pushing_since_ms_ == 0) pushing_since_ms_ = now;
  ProgressView view = model_.view(now);
  view.pushing = steps;
  view.remaining_ms.reset();
  // Nothing may have run at all.
  view.elapsed_ms = std::max(view.elapsed_ms, now - pushing_since_ms_);
  context_.listener->progress(view);
}

}  // namespace ortforge::build_detail

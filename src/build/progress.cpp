#include "ortforge/build/progress.hpp"

#include <algorithm>

namespace ortforge {

void ProgressModel::expect(std::size_t step, std::int64_t cpu_ms, const std::vector<ObjectCost>& objects) {
  Item& item = steps_[step];
  item.expected = true;
  item.cost = static_cast<double>(std::max<std::int64_t>(cpu_ms, 1));
  for (const ObjectCost& object : objects) {
    item.objects[object.object] = static_cast<double>(object.wall_ms);
    item.objects_total += static_cast<double>(object.wall_ms);
  }
}

void ProgressModel::start(std::size_t step, std::int64_t now_ms) {
  steps_[step].running = true;
  steps_[step].started_ms = now_ms;
  if (first_start_ms_ == 0) first_start_ms_ = now_ms;
}

void ProgressModel::set_objects(std::size_t step, const std::vector<ObjectCost>& finished) {
  Item& item = steps_[step];
  if (item.objects_total > 0) {
    double done = 0;
    for (const ObjectCost& object : finished) {
      const auto known = item.objects.find(object.object);
      if (known != item.objects.end()) done += known->second;
    }
    item.fraction = std::min(1.0, done / item.objects_total);
  }
  if (!item.fraction_before) item.fraction_before = item.fraction;
}

void ProgressModel::set_status(std::size_t step, NinjaProgress progress) {
  Item& item = steps_[step];
  item.status = progress;
  if (item.objects_total > 0) return;
  // Without recorded costs every object counts the same; an earlier attempt's objects are not in Ninja's
  // total.
  const double before = item.fraction_before.value_or(0);
  item.fraction =
      before + (1 - before) * static_cast<double>(progress.done) / static_cast<double>(progress.total);
}

void ProgressModel::finish(std::size_t step) {
  steps_[step].finished = true;
  steps_[step].running = false;
  steps_[step].fraction = 1;
}

void ProgressModel::pause(std::size_t step) {
  steps_[step].running = false;
}

void ProgressModel::drop(std::size_t step) {
  steps_[step].expected = false;
  steps_[step].running = false;
}

double ProgressModel::rate(std::int64_t now_ms, double work, double done) {
  constexpr std::int64_t kShortestWindow = 180'000;
  constexpr std::int64_t kBetweenSamples = 1'000;
  constexpr double kTrustInRecord = 0.05;
  const auto jobs = static_cast<double>(std::max<std::size_t>(jobs_, 1));
  if (first_start_ms_ == 0 || work <= 0) return jobs;
  if (samples_.empty()) samples_.push_back({first_start_ms_, 0});
  const std::int64_t window = std::max(kShortestWindow, (now_ms - first_start_ms_) / 2);
  while (samples_.size() > 1 && samples_[1].at_ms <= now_ms - window) samples_.pop_front();
  const Sample from = samples_.front();
  if (now_ms - samples_.back().at_ms >= kBetweenSamples) samples_.push_back({now_ms, done});
  const double recorded_ms = kTrustInRecord * work / jobs;
  return (recorded_ms * jobs + done - from.done) / (recorded_ms + static_cast<double>(now_ms - from.at_ms));
}

ProgressView ProgressModel::view(std::int64_t now_ms) {
  ProgressView view;
  double total = 0;
  double done = 0;
  double before = 0;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Item& item = steps_[i];
    if (!item.expected) continue;
    ++view.total;
    if (item.finished) ++view.done;
    total += item.cost;
    done += item.cost * item.fraction;
    before += item.cost * item.fraction_before.value_or(0);
    if (item.running) view.running.push_back({i, item.status, now_ms - item.started_ms});
  }
  view.elapsed_ms = first_start_ms_ == 0 ? 0 : now_ms - first_start_ms_;
  const double work_per_ms = rate(now_ms, total - before, done - before);
  if (total > 0) view.remaining_ms = static_cast<std::int64_t>((total - done) / work_per_ms);
  return view;
}

Result<ExpectedCost> expected_cost(const Step& step, Recorder& recorder) {
  const std::uint64_t declared_peak = std::max(step.recipe.peak_bytes, step.recipe.heavy_bytes);
  ExpectedCost cost;
  cost.cpu_ms = step.recipe.expected_cpu_ms;
  cost.peak_bytes = declared_peak;
  cost.ordinary_bytes = step.recipe.peak_bytes;
  ORTFORGE_TRY(auto last, recorder.last_measured(step.recipe.scope));
  cost.measured = last.has_value();
  if (!last) {
    ORTFORGE_TRY(last, recorder.last_of_component(step.branch, step.recipe.name, step.recipe.siblings));
  }
  if (!last) return cost;
  const bool whole = last->reason != kGoesOn && last->reason != kGoesOnAlone;
  cost.peak_bytes = whole ? last->usage.peak_bytes : std::max(declared_peak, last->usage.peak_bytes);
  const bool has_heavy = step.recipe.heavy_bytes > 0;
  cost.ordinary_bytes = has_heavy ? std::min(cost.ordinary_bytes, cost.peak_bytes) : cost.peak_bytes;
  ORTFORGE_TRY(cost.objects, recorder.object_costs(last->scope));
  std::int64_t objects_ms = 0;
  for (const ObjectCost& object : cost.objects) objects_ms += object.wall_ms;
  // A step that went on where an earlier attempt stopped has spent less itself than its objects took.
  cost.cpu_ms =
      std::max(static_cast<std::int64_t>((last->usage.user + last->usage.system).count()), objects_ms);
  return cost;
}

}  // namespace ortforge

#include "ortforge/build/executor.hpp"

#include <algorithm>
#include <list>
#include <memory>
#include <numeric>

#include "active_step.hpp"
#include "schedule.hpp"
#include "step_record.hpp"

#include "ortforge/build/needed.hpp"
#include "ortforge/build/reasons.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using build_detail::ActiveStep;
using build_detail::is_result;
using build_detail::not_run;
using build_detail::Schedule;
using build_detail::StepState;

constexpr Milliseconds kPoll{200};
constexpr std::int64_t kLogReadInterval = 2000;  // milliseconds between two looks at Ninja's logs
constexpr std::size_t kTailLines = 25;

// The execution of one plan; the public function below is its whole interface.
class Execution {
 public:
  Execution(const Plan& plan, const BuildOptions& options, BuildContext& context)
      : plan_(plan),
        options_(options),
        context_(context),
        store_(context.home),
        entries_(plan.steps.size()),
        schedule_(plan, options.jobs),
        progress_(plan.steps.size(), options.jobs) {
    report_.steps.resize(plan.steps.size());
  }

  Result<BuildReport> run() {
    ORTFORGE_CHECK(look_up_store());
    ORTFORGE_CHECK(estimate());
    while (true) {
      if (!stopping()) ORTFORGE_CHECK(start_ready());
      if (active_.empty() && (stopping() || schedule_.ready().empty())) break;
      ORTFORGE_TRY(const auto finished, context_.runner->wait(kPoll));
      if (finished) ORTFORGE_CHECK(take(*finished));
      show_progress();
    }
    ORTFORGE_CHECK(close_unstarted());
    report_.interrupted = interrupted();
    return std::move(report_);
  }

 private:
  bool interrupted() const { return context_.interrupt != nullptr && context_.interrupt->requested(); }
  bool stopping() const { return interrupted() || (options_.fail_fast && any_failed_); }

  StepRecord new_record(std::size_t index) const {
    return build_detail::new_step_record(plan_, index, context_);
  }

  // Steps whose output is there are done; what only they need does not run.
  Result<void> look_up_store() {
    ORTFORGE_TRY(const auto needed, needed_steps(plan_, store_));
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (needed[i] == Need::none) {
        report_.steps[i] = new_record(i);
        report_.steps[i].status = "not needed";
      } else if (needed[i] == Need::stored) {
        ORTFORGE_TRY(entries_[i], store_.find(plan_.steps[i].key, plan_.steps[i].recipe.scope));
        if (!entries_[i])
          return fail(ErrorKind::internal, "{}: left the store meanwhile", plan_.steps[i].recipe.scope);
        ORTFORGE_CHECK(reuse(i, "in the store"));
      } else {
        schedule_.set(i, StepState::pending);
      }
    }
    return {};
  }

  Result<void> estimate() {
    std::vector<std::int64_t> costs(plan_.steps.size(), 0);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (schedule_.state(i) != StepState::pending) continue;
      ORTFORGE_TRY(const ExpectedCost expected, expected_cost(plan_.steps[i], *context_.recorder));
      costs[i] = expected.cpu_ms;
      progress_.expect(i, expected.cpu_ms, expected.objects);
    }
    schedule_.set_costs(costs);
    return {};
  }

  std::size_t busy_cores() const {
    return std::accumulate(active_.begin(), active_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& step) { return sum + step->cores(); });
  }

  // A step that is waited for, skipped or reused takes no core, and may make others ready.
  Result<void> start_ready() {
    std::set<std::size_t> tried;
    while (const auto next = schedule_.next(busy_cores(), tried)) {
      tried.insert(next->step);
      ORTFORGE_CHECK(start(next->step, next->cores));
    }
    return {};
  }

  Result<void> start(std::size_t index, std::size_t cores) {
    const Step& step = plan_.steps[index];
    StepRecord record = new_record(index);
    for (const std::string& feature : step.recipe.features) {
      if (!context_.host_features.contains(feature))
        return skip(index, std::move(record), "host lacks " + feature);
    }
    ORTFORGE_TRY(auto work,
                 WorkDirectory::acquire(context_.home, Store::entry_name(step.key, step.recipe.scope)));
    if (!work) {
      if (waiting_.insert(index).second) {
        context_.listener->note(
            fmt::format("another ortforge works on {}; waiting for it", step.recipe.scope));
      }
      return {};
    }
    // Another process may have finished it between the look-up and the lock.
    ORTFORGE_TRY(entries_[index], store_.find(step.key, step.recipe.scope));
    if (entries_[index]) return reuse_while_owned(index, *work, "finished by another ortforge");
    ORTFORGE_TRY(const bool equal, find_equal_output(index));
    if (equal) return reuse_while_owned(index, *work, "its inputs came out as before");
    ORTFORGE_TRY(std::vector<Mount> mounts, step_mounts(plan_, index, store_, context_));
    ORTFORGE_CHECK(work->lay_out(step.recipe, mounts));
    record.reason = work->resumed() ? "goes on where an earlier attempt stopped" : "no output in the store";
    ORTFORGE_CHECK(record_parts(context_.home, step.key, step.parts));
    auto active = std::make_unique<ActiveStep>(index, step, std::move(*work), std::move(mounts), cores,
                                               std::move(record));
    schedule_.set(index, StepState::running);
    progress_.start(index, context_.now_ms());
    progress_.set_objects(index, active->object_costs());
    context_.listener->started(index, active->record().reason);
    ORTFORGE_TRY(const bool started, active->start_next(context_));
    active_.push_back(std::move(active));
    if (!started) return finish(*active_.back());
    return {};
  }

  Result<bool> find_equal_output(std::size_t index) {
    const Step& step = plan_.steps[index];
    ORTFORGE_TRY(const std::optional<StoreEntry> equal, store_.find_content(content_key(index)));
    if (!equal) return false;
    const auto complete = [&](const fs::path& output) -> Result<void> {
      if (!is_result(plan_, index) || !context_.complete_result) return {};
      // The files are those of the earlier result; how they came to be is another story.
      report_.steps[index] = build_detail::reused(new_record(index), *equal, "");
      report_.steps[index].artefacts = equal->artefacts;
      return context_.complete_result(plan_, index, report_.steps, output);
    };
    ORTFORGE_TRY(entries_[index], store_.alias(*equal, step.key, step.recipe.scope, step.parts, complete));
    return true;
  }

  std::string content_key(std::size_t index) const {
    const Step& step = plan_.steps[index];
    std::vector<Digest> digests;
    for (const std::size_t need : step.needs) digests.push_back(entries_[need]->output_digest);
    return content_key_of(step, digests, step.recipe.needs);
  }

  Result<void> reuse_while_owned(std::size_t index, const WorkDirectory& work, const std::string& reason) {
    ORTFORGE_CHECK(work.remove());
    progress_.drop(index);
    return reuse(index, reason);
  }

  Result<void> reuse(std::size_t index, const std::string& reason) {
    schedule_.set(index, StepState::done);
    return close(index, build_detail::reused(new_record(index), *entries_[index], reason), {});
  }

  Result<void> skip(std::size_t index, StepRecord record, const std::string& reason) {
    // Nothing may follow it; it is no failure of the build.
    schedule_.set(index, StepState::failed);
    progress_.drop(index);
    return close(index, not_run(std::move(record), "skipped", reason), {});
  }

  Result<void> take(const Finished& finished) {
    const auto found = std::find_if(active_.begin(), active_.end(),
                                    [&](const auto& step) { return step->process() == finished.id; });
    if (found == active_.end()) return {};
    ActiveStep& step = **found;
    if (!step.take(finished.outcome)) return break_off(step, finished.outcome.interrupted || interrupted());
    if (interrupted()) return break_off(step, true);
    ORTFORGE_TRY(const bool started, step.start_next(context_));
    return started ? Result<void>() : finish(step);
  }

  Result<void> break_off(ActiveStep& step, bool by_user) {
    StepRecord record = step.record();
    record.status = by_user ? "interrupted" : "failed";
    record.finished_ms = context_.now_ms();
    if (!by_user) any_failed_ = true;
    const std::size_t index = step.index();
    const std::string tail = by_user ? std::string() : step.log_tail(context_.home, kTailLines);
    schedule_.set(index, StepState::failed);
    progress_.drop(index);
    forget(step);
    return close(index, std::move(record), tail);
  }

  // Every command succeeded: the output becomes an entry of the store.
  Result<void> finish(ActiveStep& step) {
    const std::size_t index = step.index();
    const Step& planned = plan_.steps[index];
    if (context_.changed_source) {
      ORTFORGE_TRY(const std::string changed, context_.changed_source(planned));
      if (!changed.empty()) {
        step.record().reason = fmt::format("source {} changed while it was read", changed);
        context_.listener->note(step.record().reason + "; nothing made of it is kept: build again");
        ORTFORGE_CHECK(step.work().remove());
        return break_off(step, false);
      }
    }
    StepRecord record = step.record();
    record.status = "built";
    record.finished_ms = context_.now_ms();
    ORTFORGE_TRY(StoreEntry entry, build_detail::new_entry(planned, step.output()));
    entry.content_key = content_key(index);
    entry.finished_ms = record.finished_ms;
    record.output_digest = entry.output_digest.sri();
    record.artefacts = entry.artefacts;
    report_.steps[index] = record;
    if (is_result(plan_, index) && context_.complete_result) {
      ORTFORGE_CHECK(context_.complete_result(plan_, index, report_.steps, step.output()));
    }
    if (const auto costs = step.object_costs(); !costs.empty()) {
      ORTFORGE_CHECK(context_.recorder->set_object_costs(planned.recipe.scope, costs));
    }
    ORTFORGE_TRY(entries_[index], store_.commit(std::move(entry), step.output()));
    ORTFORGE_CHECK(step.work().remove());
    schedule_.set(index, StepState::done);
    progress_.finish(index);
    forget(step);
    return close(index, std::move(record), {});
  }

  void forget(const ActiveStep& step) {
    active_.remove_if([&](const auto& other) { return other.get() == &step; });
  }

  Result<void> close(std::size_t index, StepRecord record, const std::string& tail) {
    ORTFORGE_TRY(record.id, context_.recorder->add_step(record));
    report_.steps[index] = record;
    context_.listener->finished(index, record, tail);
    return {};
  }

  // Steps that never started: what they needed failed, was skipped, or the build stopped.
  Result<void> close_unstarted() {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (schedule_.state(i) != StepState::pending) continue;
      std::string reason = interrupted() ? "interrupted" : "stopped after the first failure";
      if (const std::string need = schedule_.blocked_by(i); !need.empty()) reason = need + " did not succeed";
      ORTFORGE_CHECK(close(i, not_run(new_record(i), "not run", std::move(reason)), {}));
    }
    return {};
  }

  void show_progress() {
    const std::int64_t now = context_.now_ms();
    const bool read_logs = now - logs_read_ms_ >= kLogReadInterval;
    if (read_logs) logs_read_ms_ = now;
    for (const auto& step : active_) {
      if (read_logs) progress_.set_objects(step->index(), step->object_costs());
      if (const auto status = step->new_status()) progress_.set_status(step->index(), *status);
    }
    context_.listener->progress(progress_.view(now));
  }

  const Plan& plan_;
  const BuildOptions& options_;
  BuildContext& context_;
  Store store_;
  std::vector<std::optional<StoreEntry>> entries_;
  Schedule schedule_;
  std::list<std::unique_ptr<ActiveStep>> active_;
  std::set<std::size_t> waiting_;
  ProgressModel progress_;
  BuildReport report_;
  std::int64_t logs_read_ms_ = 0;
  bool any_failed_ = false;
};

}  // namespace

Result<BuildReport> execute(const Plan& plan, const BuildOptions& options, BuildContext& context) {
  for (const Step& step : plan.steps) {
    if (step.key.empty())
      return fail(ErrorKind::internal, "{}: its key is not known: {}", step.recipe.scope, step.unknown);
  }
  Execution execution(plan, options, context);
  Result<BuildReport> report = execution.run();
  if (!report) {
    // The work directories are handed back when nothing runs in them any more.
    context.runner->stop_all();
    while (context.runner->running() > 0) {
      if (!context.runner->wait(kPoll)) break;
    }
  }
  return report;
}

}  // namespace ortforge

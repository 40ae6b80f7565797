#include "ortforge/build/executor.hpp"

#include <memory>
#include <set>

#include "active_steps.hpp"
#include "build_trees.hpp"
#include "memory_kill.hpp"
#include "progress_watch.hpp"
#include "remote_work.hpp"
#include "schedule.hpp"
#include "step_outputs.hpp"
#include "step_record.hpp"

#include "ortforge/build/compiler_cache.hpp"
#include "ortforge/build/reasons.hpp"

namespace ortforge {
namespace {

using build_detail::ActiveStep;
using build_detail::ActiveSteps;
using build_detail::BuildTrees;
using build_detail::MemoryKills;
using build_detail::not_run;
using build_detail::ProgressWatch;
using build_detail::RemoteWork;
using build_detail::Schedule;
using build_detail::Share;
using build_detail::StepOutputs;
using build_detail::StepState;

constexpr Milliseconds kPoll{200};
constexpr std::size_t kTailLines = 25;
constexpr std::size_t kKillLines = 400;  // what other jobs still say after the one that was killed

// The execution of one plan; the public function below is its whole interface.
class Execution {
 public:
  Execution(const Plan& plan, const BuildOptions& options, BuildContext& context)
      : plan_(plan),
        options_(options),
        context_(context),
        outputs_(plan, context),
        trees_(plan, context.home),
        schedule_(plan, options.jobs, options.memory),
        memory_kills_(context.memory_kills),
        progress_(plan, options.jobs, context),
        remote_(plan, context) {
    report_.steps.resize(plan.steps.size());
  }

  Result<BuildReport> run() {
    ORTFORGE_CHECK(look_up_store());
    ORTFORGE_CHECK(progress_.expect(schedule_));
    while (true) {
      ORTFORGE_CHECK(take_looked());
      if (!stopping()) ORTFORGE_CHECK(start_ready());
      if (active_.empty() && !remote_.looking() && (stopping() || schedule_.ready().empty())) break;
      ORTFORGE_TRY(const auto finished, wait());
      if (finished) ORTFORGE_CHECK(take(*finished));
      progress_.show(active_);
    }
    ORTFORGE_CHECK(close_unstarted());
    ORTFORGE_CHECK(remote_.finish([&](const auto& steps) { progress_.show_pushing(steps); }));
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
    ORTFORGE_TRY(const auto needed, outputs_.look_up());
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (needed[i] == Need::none) {
        report_.steps[i] = new_record(i);
        report_.steps[i].status = "not needed";
      } else if (needed[i] == Need::stored) {
        ORTFORGE_CHECK(reuse(i, context_.taken.contains(i) ? "from the remote store" : "in the store"));
      } else {
        schedule_.set(i, StepState::pending);
      }
    }
    return {};
  }

  // For a command to end, or for an answer of the remote store where none runs.
  Result<std::optional<Finished>> wait() {
    if (!active_.empty() || !remote_.looking()) return context_.runner->wait(kPoll);
    remote_.wait(kPoll);
    return std::optional<Finished>();
  }

  // Steps whose output was looked for in the remote store may start, or find it in the own store now.
  Result<void> take_looked() {
    ORTFORGE_TRY(const auto steps, remote_.settle());
    for (const std::size_t step : steps) schedule_.set(step, StepState::pending);
    return {};
  }

  // A step that is waited for, skipped or reused takes no core, and may make others ready.
  Result<void> start_ready() {
    std::set<std::size_t> tried;
    while (!stopping()) {
      const auto next = schedule_.next(active_.load(), tried);
      if (!next) break;
      tried.insert(next->step);
      ORTFORGE_CHECK(start(next->step, next->share));
    }
    return {};
  }

  Result<void> start(std::size_t index, const Share& share) {
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
    ORTFORGE_TRY(const std::string found, outputs_.find_late(index, report_.steps));
    if (!found.empty()) {
      ORTFORGE_CHECK(work->remove());
      progress_.drop(index);
      return reuse(index, remote_.took(index) ? found + "; from the remote store" : found);
    }
    if (remote_.look(index, outputs_.content_key(index))) {
      schedule_.set(index, StepState::sought);
      return {};
    }
    ORTFORGE_TRY(std::vector<Mount> mounts, step_mounts(plan_, index, outputs_.store(), context_));
    if (options_.cache_bytes > 0 && uses_cache(step, *context_.environments.at(step.environment)))
      mounts.push_back(cache_mount(context_.home));
    ORTFORGE_CHECK(work->lay_out(step.recipe, mounts));
    if (const auto lent = trees_.lend(index, *work); !lent) {
      context_.listener->note(
          fmt::format("{}: makes its build tree anew: {}", step.recipe.scope, lent.error().message));
    }
    record.reason = schedule_.is_alone(index) ? kGoesOnAlone
                    : work->resumed()         ? kGoesOn
                                              : "no output in the store";
    ORTFORGE_CHECK(record_parts(context_.home, step.key, step.parts));
    auto active = std::make_unique<ActiveStep>(index, step, std::move(*work), std::move(mounts), share,
                                               options_, std::move(record));
    schedule_.set(index, StepState::running);
    progress_.start(*active);
    memory_kills_.begin(index);
    context_.listener->started(index, active->record().reason);
    ORTFORGE_TRY(const bool started, active->start_next(context_));
    ActiveStep& running = active_.add(std::move(active));
    return started ? Result<void>() : finish(running);
  }

  Result<void> reuse(std::size_t index, const std::string& reason) {
    schedule_.set(index, StepState::done);
    remote_.push(index, outputs_.of(index));
    return close(index, build_detail::reused(new_record(index), outputs_.of(index), reason), {});
  }

  Result<void> skip(std::size_t index, StepRecord record, const std::string& reason) {
    // Nothing may follow it; it is no failure of the build.
    schedule_.set(index, StepState::failed);
    progress_.drop(index);
    return close(index, not_run(std::move(record), "skipped", reason), {});
  }

  Result<void> take(const Finished& finished) {
    ActiveStep* found = active_.find(finished.id);
    if (found == nullptr) return {};
    ActiveStep& step = *found;
    if (!step.take(finished.outcome)) {
      const bool by_user = finished.outcome.interrupted || interrupted();
      const bool may_retry = !by_user && !stopping() && !step.share().alone;
      if (may_retry && was_killed_for_memory(step)) return try_again(step);
      return break_off(step, by_user);
    }
    if (interrupted()) return break_off(step, true);
    ORTFORGE_TRY(const bool started, step.start_next(context_));
    return started ? Result<void>() : finish(step);
  }

  bool was_killed_for_memory(ActiveStep& step) const {
    if (std::holds_alternative<TimedOut>(step.record().ending)) return false;
    return memory_kills_.grew_since(step.index()) ||
           build_detail::names_kill(step.log_tail(context_.home, kKillLines));
  }

  // What it has finished stays in its work directory; the next attempt has the machine to itself.
  Result<void> try_again(ActiveStep& step) {
    const std::size_t index = step.index();
    StepRecord record = step.record();
    record.status = "failed";
    record.reason = kTriedAgain;
    record.finished_ms = context_.now_ms();
    context_.listener->note(record.scope + ": killed for memory; tried again alone, with one job");
    schedule_.set(index, StepState::pending);
    schedule_.set_alone(index);
    progress_.pause(index);
    active_.remove(step);
    ORTFORGE_CHECK(context_.recorder->add_step(record));
    return {};
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
    active_.remove(step);
    return close(index, std::move(record), tail);
  }

  // Every command succeeded: the output becomes an entry of the store, unless something is wrong with it.
  Result<void> finish(ActiveStep& step) {
    const std::size_t index = step.index();
    ORTFORGE_TRY(const std::string changed, outputs_.changed_source(index));
    if (!changed.empty()) {
      step.record().reason = fmt::format("source {} changed while it was read", changed);
      context_.listener->note(step.record().reason + "; nothing made of it is kept: build again");
      ORTFORGE_CHECK(step.work().remove());
      return break_off(step, false);
    }
    ORTFORGE_TRY(const std::string fault, outputs_.fault_in(index, step.output()));
    if (!fault.empty()) {
      step.record().reason = fault;
      return break_off(step, false);
    }
    StepRecord& record = report_.steps[index];
    record = step.record();
    record.status = "built";
    record.finished_ms = context_.now_ms();
    const std::vector<ObjectCost> costs = step.object_costs();
    ORTFORGE_CHECK(trees_.keep(index, step.work()));
    ORTFORGE_CHECK(outputs_.enter(index, step.output(), costs, report_.steps));
    ORTFORGE_CHECK(step.work().remove());
    remote_.push(index, outputs_.of(index));
    schedule_.set(index, StepState::done);
    progress_.finish(index);
    active_.remove(step);
    return close(index, record, {});
  }

  Result<void> close(std::size_t index, StepRecord record, const std::string& tail) {
    if (record.status == "built" || record.status == "reused") record.tested = outputs_.tested(index);
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

  const Plan& plan_;
  const BuildOptions& options_;
  BuildContext& context_;
  StepOutputs outputs_;
  BuildTrees trees_;
  Schedule schedule_;
  ActiveSteps active_;
  std::set<std::size_t> waiting_;
  MemoryKills memory_kills_;
  ProgressWatch progress_;
  BuildReport report_;
  bool any_failed_ = false;
  RemoteWork remote_;  // the last one: its threads are gone before anything else is
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

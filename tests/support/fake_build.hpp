// Execution of plans without processes: a runner, a recorder and an environment that do what the test says.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/fake_environment.hpp"
#include "support/temporary_directory.hpp"

#include "ortforge/build/executor.hpp"

namespace ortforge {

// Starts nothing. A command goes by the name of its program; it ends when it is waited for, the oldest first,
// as `outcomes` says, else well.
class FakeRunner : public ProcessRunner {
 public:
  struct Started {
    std::string program;
    std::size_t cores = 0;
    std::string heavy_jobs;  // ORTFORGE_HEAVY_JOBS; empty: not set
    std::size_t beside = 0;  // commands that ran then
    std::optional<Milliseconds> timeout;
    std::map<std::string, std::string> variables;
  };

  std::map<std::string, Outcome> outcomes;
  std::map<std::string, std::string> outputs;            // what a command prints into its log
  std::map<std::string, std::function<void()>> effects;  // what a command does when it is started
  std::function<void()> before_wait;                     // may be empty
  const Interrupt* interrupt = nullptr;  // stops all when it is requested, as the real one does
  std::vector<Started> started;          // in order
  std::size_t most_cores = 0;            // given out at once
  std::size_t stops = 0;                 // calls of stop_all

  std::vector<std::string> programs() const;

  Result<ProcessId> start(const Command& command, RunOptions options) override;
  Result<std::optional<Finished>> wait(Milliseconds limit) override;
  void stop_all() override;
  std::size_t running() const override { return running_.size(); }

 private:
  struct Process {
    ProcessId id = 0;
    std::size_t cores = 0;
    Outcome outcome;
  };
  std::deque<Process> running_;
  ProcessId next_id_ = 1;
};

class FakeRecorder : public Recorder {
 public:
  std::string full_at;                     // the scope at which the disk is full; empty: never
  std::map<std::string, StepRecord> last;  // last_built and last_measured, by scope
  std::vector<StepRecord> steps;           // added, in order
  std::vector<std::string> costs_of;       // scopes whose object costs were replaced, in order

  Result<std::int64_t> begin_run(const RunRecord&) override { return 1; }
  Result<void> finish_run(std::int64_t, const std::string&, std::int64_t) override { return {}; }
  Result<std::int64_t> add_step(const StepRecord& step) override;
  Result<void> set_object_costs(const std::string& scope, const std::vector<ObjectCost>&) override {
    costs_of.push_back(scope);
    return {};
  }
  Result<std::optional<StepRecord>> last_built(const std::string& scope) override;
  Result<std::optional<StepRecord>> last_measured(const std::string& scope) override {
    return last_built(scope);
  }
  Result<std::optional<StepRecord>> last_of_component(const std::string&, const std::string&,
                                                      const std::string&) override;
  Result<std::optional<StepRecord>> last_with_key(const std::string&) override;
  Result<std::vector<ObjectCost>> object_costs(const std::string&) override;
};

class FakeListener : public BuildListener {
 public:
  std::map<std::string, std::string> tails;  // of finished steps, by scope
  std::vector<std::string> notes;
  std::function<void()> after_note;  // may be empty
  // Whose outputs went into the remote store when nothing ran any more, each time it was shown.
  std::vector<std::vector<std::size_t>> pushing;

  void started(std::size_t, const std::string&) override {}
  void output(std::size_t, std::string_view) override {}
  void finished(std::size_t, const StepRecord& record, const std::string& tail) override {
    tails[record.scope] = tail;
  }
  void progress(const ProgressView& view) override {
    if (!view.pushing.empty()) pushing.push_back(view.pushing);
  }
  void note(const std::string& text) override {
    notes.push_back(text);
    if (after_note) after_note();
  }
};

// A plan with a home of its own and the fakes above.
class FakeBuild {
 public:
  // For each variant "x" a step "core-x" that needs nothing, and a step "package-x" that needs it and gives
  // the result. Cores stand first. Each step has one command, of the step's name.
  explicit FakeBuild(const std::vector<std::string>& variants);

  Step& step(const std::string& scope);
  Result<BuildReport> run(const BuildOptions& options);
  // Gives the steps' environment a root of its own with a ccache.
  void install_ccache();
  const std::filesystem::path& root() const { return environment_.root(); }
  // The folder in which a step works.
  std::filesystem::path work(const std::string& scope);
  const std::filesystem::path& home() const { return home_.path(); }

  Plan plan;
  FakeRunner runner;
  FakeRecorder recorder;
  FakeListener listener;
  RemoteStore* remote = nullptr;  // may stay null
  std::set<std::size_t> taken;    // from there
  // BuildContext::fault_in_result; may stay empty.
  std::function<Result<std::string>(const Plan&, std::size_t step, const std::filesystem::path&)>
      fault_in_result;
  // BuildContext::tested; may stay empty.
  std::function<std::string(const Step&, const std::filesystem::path&)> tested;
  Interrupt interrupt;
  std::uint64_t memory_kills = 0;  // what the kernel counts

 private:
  TemporaryDirectory home_;
  FakeEnvironment environment_;
  std::int64_t now_ms_ = 0;
};

// "core-a: built", "package-a: not run; core-a did not succeed", in the order of the plan.
std::vector<std::string> step_words(const BuildReport& report);

}  // namespace ortforge

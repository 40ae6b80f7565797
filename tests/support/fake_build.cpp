#include "support/fake_build.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

Step new_step(const std::string& scope, const std::string& kind) {
  Step step;
  step.recipe.name = scope;
  step.recipe.scope = scope;
  step.recipe.kind = kind;
  step.recipe.output = "out/" + scope;
  step.recipe.commands = {Command{{scope}, {}, "src"}};
  step.environment = "host";
  step.parts["recipe"] = scope;
  step.key = sha256(scope).hex();
  return step;
}

}  // namespace

std::vector<std::string> FakeRunner::programs() const {
  std::vector<std::string> names;
  for (const Started& start : started) names.push_back(start.program);
  return names;
}

Result<ProcessId> FakeRunner::start(const Command& command, RunOptions options) {
  const std::string& program = command.argv.front();
  const std::size_t cores = std::stoul(command.environment.at("CMAKE_BUILD_PARALLEL_LEVEL"));
  if (const auto effect = effects.find(program); effect != effects.end()) effect->second();
  const auto known = outcomes.find(program);
  const Outcome well{Exited{0}, {}, false};
  const auto heavy = command.environment.find("ORTFORGE_HEAVY_JOBS");
  started.push_back({program, cores, heavy == command.environment.end() ? std::string() : heavy->second,
                     running_.size(), options.timeout, command.environment});
  running_.push_back({next_id_, cores, known == outcomes.end() ? well : known->second});
  if (const auto text = outputs.find(program); text != outputs.end())
    std::ofstream(options.log_file, std::ios::app) << text->second;
  const std::size_t busy =
      std::accumulate(running_.begin(), running_.end(), std::size_t{0},
                      [](std::size_t sum, const Process& process) { return sum + process.cores; });
  most_cores = std::max(most_cores, busy);
  return next_id_++;
}

Result<std::optional<Finished>> FakeRunner::wait(Milliseconds) {
  if (before_wait) before_wait();
  if (interrupt != nullptr && interrupt->requested()) stop_all();
  if (running_.empty()) return std::optional<Finished>();
  const Finished finished{running_.front().id, running_.front().outcome};
  running_.pop_front();
  return std::optional<Finished>(finished);
}

void FakeRunner::stop_all() {
  ++stops;
  for (Process& process : running_) process.outcome = Outcome{Signaled{SIGINT}, {}, true};
}

Result<std::int64_t> FakeRecorder::add_step(const StepRecord& step) {
  if (step.scope == full_at)
    return fail(ErrorKind::missing, "state.db: cannot be written: database or disk is full");
  steps.push_back(step);
  return static_cast<std::int64_t>(steps.size());
}

Result<std::optional<StepRecord>> FakeRecorder::last_built(const std::string& scope) {
  const auto found = last.find(scope);
  return found == last.end() ? std::optional<StepRecord>() : std::optional<StepRecord>(found->second);
}

Result<std::optional<StepRecord>> FakeRecorder::last_of_component(const std::string&, const std::string&,
                                                                  const std::string&) {
  return std::optional<StepRecord>();
}

Result<std::optional<StepRecord>> FakeRecorder::last_with_key(const std::string&) {
  return std::optional<StepRecord>();
}

Result<std::vector<ObjectCost>> FakeRecorder::object_costs(const std::string&) {
  return std::vector<ObjectCost>();
}

FakeBuild::FakeBuild(const std::vector<std::string>& variants) {
  for (const std::string& variant : variants) plan.steps.push_back(new_step("core-" + variant, "build"));
  for (std::size_t core = 0; core < variants.size(); ++core) {
    Step package = new_step("package-" + variants[core], "package");
    package.needs = {core};
    package.recipe.needs = {"core-" + variants[core]};
    plan.results.push_back({variants[core], plan.steps.size(), std::nullopt});
    plan.steps.push_back(std::move(package));
  }
  runner.interrupt = &interrupt;
}

Step& FakeBuild::step(const std::string& scope) {
  for (Step& each : plan.steps) {
    if (each.recipe.scope == scope) return each;
  }
  throw std::runtime_error("no such step: " + scope);
}

Result<BuildReport> FakeBuild::run(const BuildOptions& options) {
  BuildContext context;
  context.home = home_.path();
  context.environments["host"] = &environment_;
  context.recorder = &recorder;
  context.listener = &listener;
  context.runner = &runner;
  context.interrupt = &interrupt;
  context.now_ms = [this] { return ++now_ms_; };
  context.memory_kills = [this] { return memory_kills; };
  context.fault_in_result = fault_in_result;
  context.tested = tested;
  context.remote = remote;
  context.taken = taken;
  context.run_id = 1;
  return execute(plan, options, context);
}

void FakeBuild::install_ccache() {
  const std::filesystem::path root = home_.path() / "root";
  const auto written = write_file(root / "usr" / "bin" / "ccache", "#!/bin/sh\n", true);
  if (!written) throw std::runtime_error(written.error().message);
  environment_.set_root(root);
}

std::filesystem::path FakeBuild::work(const std::string& scope) {
  return home_.path() / "work" / Store::entry_name(step(scope).key, scope);
}

std::vector<std::string> step_words(const BuildReport& report) {
  std::vector<std::string> words;
  for (const StepRecord& step : report.steps) {
    words.push_back(step.scope + ": " + step.status);
    if (step.status == "not run") words.back() += "; " + step.reason;
  }
  return words;
}

}  // namespace ortforge

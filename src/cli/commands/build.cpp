#include "ortforge/report/build.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <ostream>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/build/compiler_cache.hpp"
#include "ortforge/build/executor.hpp"
#include "ortforge/build/home_lock.hpp"
#include "ortforge/build/needed.hpp"
#include "ortforge/cli/application.hpp"
#include "ortforge/cli/build_outcomes.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/cuda_audit.hpp"
#include "ortforge/cli/nix_build.hpp"
#include "ortforge/cli/remote_option.hpp"
#include "ortforge/cli/run_facts.hpp"
#include "ortforge/hardware/host.hpp"
#include "ortforge/hardware/memory.hpp"
#include "ortforge/record/result_files.hpp"
#include "ortforge/report/status.hpp"

namespace ortforge {
namespace {

std::int64_t unix_ms() {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class BuildCommand : public CliCommand {
 public:
  std::string name() const override { return "build"; }
  std::string summary() const override { return "Build variants, test them and record what happened"; }
  void add_options(OptionSet& options) override {
    add_selection_options(options, selection_);
    add_remote_options(options, remote_, true);
    add_nix_options(options, nix_);
    options.option("-j,--jobs", jobs_, "Cores that may be busy (default: all)", "N");
    options.option("--memory", memory_,
                   "Memory that steps may take together, such as 12G (default: what is free)", "SIZE");
    options.flag("--fail-fast", fail_fast_, "Start nothing more after the first failure");
    options.option("--step-timeout", step_timeout_,
                   "Let a step fail that takes longer, such as 90s, 30min or 2h (default: none)", "TIME");
    options.flag("--dry-run", dry_run_, "Only say which steps would run");
    options.flag("--no-test", no_test_, "Leave the test steps out");
    options.flag("--no-link", no_link_, "Make no result-... links");
    options.flag("--no-cache", no_cache_, "Compile everything anew, without the compiler cache");
  }

  Result<int> run(Session& session) override {
    if (jobs_ < 0)
      return fail(ErrorKind::bad_input, "--jobs {}: expected a number of cores, 1 or more", jobs_);
    BuildOptions options;
    options.fail_fast = fail_fast_;
    options.step_timeout = parse_duration(step_timeout_);
    if (!options.step_timeout && !step_timeout_.empty()) {
      return fail(ErrorKind::bad_input, "--step-timeout {}: expected a time such as 90s, 30min or 2h",
                  step_timeout_);
    }
    ORTFORGE_CHECK(check_backend());
    if (nix_.backend == "nix")
      return build_with_nix(session, selection_, nix_,
                            {jobs_, options.step_timeout, fail_fast_, dry_run_, !no_link_});
    ORTFORGE_TRY(options.cache_bytes, cache_bytes(session));
    if (!memory_.empty()) {
      options.memory = parse_bytes(memory_);
      if (options.memory.value_or(0) == 0)
        return fail(ErrorKind::bad_input, "--memory {}: expected a size such as 12G or 500M", memory_);
    }
    std::future<std::optional<GitState>> matrix_state = start_git_state(session);
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    ORTFORGE_TRY(auto requests, setup.workshop().requests(setup.variants()));
    if (no_test_) {
      for (PlanRequest& request : requests)
        std::erase_if(request.recipe.steps, [](const auto& s) { return s.kind == "test"; });
    }
    if (dry_run_) return show_plan(session, setup, requests);
    RemoteUse remote;
    ORTFORGE_TRY(remote.store, open_remote(session, remote_, selection_.offline));
    ORTFORGE_TRY(const HostInfo host, detect_host());
    options.jobs = jobs_ == 0 ? static_cast<std::size_t>(host.cores) : static_cast<std::size_t>(jobs_);

    const std::optional<GitState> git = matrix_state.valid() ? matrix_state.get() : std::nullopt;
    // Beyond this point there is one thread again.

    ORTFORGE_CHECK(make_directories(setup.home() / "work"));
    if (!no_link_) ORTFORGE_CHECK(check_link_places(session, setup));
    ORTFORGE_TRY(const FileLock in_use,
                 use_store(setup.home(), session.surroundings().interrupt,
                           [&](const std::string& text) { session.err() << text << std::endl; }));
    ORTFORGE_CHECK(setup.workshop().realize_environments(requests));
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    if (remote.store) {
      ORTFORGE_TRY(remote.taken, take_remote_steps(plan, setup.store(), *remote.store));
    }
    ORTFORGE_CHECK(check_disk(plan, setup.store(), options, setup.home()));
    const auto environments = setup.workshop().environments();
    const bool cached = std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
      return uses_cache(step, *environments.at(step.environment));
    });
    if (cached && options.cache_bytes > 0) {
      if (const auto usable = prepare_compiler_cache(setup.home()); !usable) {
        options.cache_bytes = 0;
        session.err() << "building without the compiler cache: " << usable.error().message << std::endl;
      }
    }
    ORTFORGE_CHECK(setup.workshop().fetch(plan, requests, setup.store()));
    // Beyond this point nothing is fetched: the plan runs from what is on this machine.
    if (!options.memory) options.memory = available_memory();
    return run_plan(session, setup, requests, plan, options, host, git, remote);
  }

 private:
  struct RemoteUse {
    std::unique_ptr<RemoteStore> store;  // null: none
    std::set<std::size_t> taken;
  };

  // Each backend has options that mean nothing to the other.
  Result<void> check_backend() const {
    ORTFORGE_CHECK(check_nix_options(nix_));
    if (nix_.backend != "nix") return {};
    const std::pair<const char*, bool> given[] = {{"--source", !selection_.sources.empty()},
                                                  {"--outputs", !selection_.outputs.empty()},
                                                  {"--environment", !selection_.environment.empty()},
                                                  {"--toolkit", !selection_.toolkit.empty()},
                                                  {"--remote", !remote_.place.empty()},
                                                  {"--push", remote_.push},
                                                  {"--share-host", remote_.share_host},
                                                  {"--memory", !memory_.empty()},
                                                  {"--no-test", no_test_},
                                                  {"--no-cache", no_cache_}};
    for (const auto& [name, is_given] : given) {
      if (is_given) return fail(ErrorKind::bad_input, "{} goes with --backend cmake only", name);
    }
    return {};
  }

  // What the compiler cache may grow to; 0 with --no-cache.
  Result<std::uint64_t> cache_bytes(Session& session) const {
    if (no_cache_) return std::uint64_t{0};
    const std::string text = session.variable("ORTFORGE_CACHE_SIZE");
    if (text.empty()) return kCompilerCacheBytes;
    const auto bytes = parse_bytes(text);
    if (bytes && *bytes > 0) return *bytes;
    return fail_with_hint(ErrorKind::bad_input,
                          fmt::format("ORTFORGE_CACHE_SIZE={}: expected a size such as 20G or 500M", text),
                          "to build without the compiler cache, say --no-cache");
  }

  // Starts to ask git for the state of the matrix while this thread reads the matrix and renders recipes.
  // Nothing but that may go on beside it: downloads open libraries that libgit2 uses as well (libssh2), and
  // their initialisation is not for two threads. Nothing to wait for in a dry run, nor where BuildSetup::make
  // is going to say that there is no matrix.
  std::future<std::optional<GitState>> start_git_state(Session& session) const {
    if (dry_run_) return {};
    const auto matrix = session.matrix_directory();
    if (!matrix) return {};
    return std::async(std::launch::async | std::launch::deferred, git_state, *matrix);
  }

  Result<int> show_plan(Session& session, BuildSetup& setup, const std::vector<PlanRequest>& requests) const {
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    RemoteSelection asked = remote_;
    asked.push = false;
    ORTFORGE_TRY(const auto remote, open_remote(session, asked, selection_.offline));
    ORTFORGE_TRY(const PlanView view, setup.view(plan, requests, ask(remote.get())));
    if (session.options().json) {
      session.out() << plan_json(plan, view);
    } else {
      session.out() << plan_text(plan, view, setup.skipped(), session.width(), session.options().verbose);
    }
    return 0;
  }

  Result<int> run_plan(Session& session, BuildSetup& setup, const std::vector<PlanRequest>& requests,
                       const Plan& plan, const BuildOptions& options, const HostInfo& host,
                       const std::optional<GitState>& matrix_state, const RemoteUse& remote) {
    ORTFORGE_TRY(const std::unique_ptr<Database> database, Database::open(setup.home() / "state.db"));
    ResultFiles files{&requests, &setup.workshop(), matrix_state, {}};
    RunRecord& run = files.run;
    run.command_line = session.surroundings().arguments;
    run.ortforge_version = ortforge_version();
    run.started_ms = unix_ms();
    run.host = host_facts(host);
    if (files.matrix_state) {
      run.matrix_revision = files.matrix_state->commit;
      run.matrix_clean = files.matrix_state->clean;
    }
    ORTFORGE_TRY(run.id, database->begin_run(run));
    const auto give_up = [&](const Error& error) {
      const char* result = error.kind == ErrorKind::interrupted ? "interrupted" : "failed";
      static_cast<void>(database->finish_run(run.id, result, unix_ms()));  // what went wrong first is told
      return pass_on(error);
    };

    StatusStyle style{session.surroundings().err_is_terminal && session.variable("TERM") != "dumb",
                      session.colours(), session.options().verbose, session.options().quiet,
                      session.surroundings().terminal_width};
    StatusReporter reporter(plan, session.err(), style, setup.home().string());
    const auto runner = make_process_runner(session.surroundings().interrupt);
    BuildContext context;
    context.home = setup.home();
    context.environments = setup.workshop().environments();
    context.trees = setup.workshop().trees();
    context.host_features = {host.features.begin(), host.features.end()};
    const auto needs = needed_steps(plan, setup.store());
    if (!needs) return give_up(needs.error());
    if (std::find(needs->begin(), needs->end(), Need::run) != needs->end()) {
      auto tools = versions_of(plan, setup.workshop(), setup.home());
      if (!tools) return give_up(tools.error());
      context.tools = *std::move(tools);
    }
    context.recorder = database.get();
    context.listener = &reporter;
    context.runner = runner.get();
    context.interrupt = session.surroundings().interrupt;
    context.now_ms = unix_ms;
    context.memory_kills = [] { return memory_kills(); };
    context.complete_result = [&](const Plan& all, std::size_t step, const std::vector<StepRecord>& records,
                                  const std::filesystem::path& output) {
      return files.add(all, step, records, output);
    };
    context.fault_in_result = [&](const Plan& all, std::size_t step, const std::filesystem::path& output) {
      return cuda_fault_in(requests, all.steps[step], output);
    };
    context.tested = [&](const Step& test, const std::filesystem::path& output) {
      return tested_by(requests, test, output);
    };
    context.changed_source = [&](const Step& step) { return setup.workshop().changed_source(step); };
    context.run_id = run.id;
    context.taken = remote.taken;
    context.remote = remote.store.get();
    if (remote.store) remote.store->tell([&](const std::string& text) { reporter.note(text); });
    const Result<BuildReport> report = execute(plan, options, context);
    reporter.close();
    if (!report) return give_up(report.error());
    reporter.left_out(*report);
    Result<void> linked;
    const auto outcomes = take_results(session, setup, plan, requests, *report, !no_link_, linked);
    const bool success =
        report->success() && std::none_of(outcomes.begin(), outcomes.end(),
                                          [](const auto& each) { return each.status == "failed"; });
    const std::string result = report->interrupted ? "interrupted" : success ? "succeeded" : "failed";
    ORTFORGE_CHECK(database->finish_run(run.id, result, unix_ms()));
    const BuildSummary summary{
        run.id,          result,   unix_ms() - run.started_ms, &plan,         &*report, outcomes,
        setup.skipped(), requests, &setup.matrix().hardware,   &setup.store()};
    session.out() << (session.options().json ? build_json(summary) : build_text(summary));
    if (success) {
      ORTFORGE_CHECK(linked);
      return 0;
    }
    if (!linked) session.err() << linked.error().message << '\n';  // what went wrong first decides the code
    if (report->interrupted)
      return fail(ErrorKind::interrupted, "interrupted; the same command goes on where it stopped");
    return 1;
  }

  SelectionOptions selection_;
  RemoteSelection remote_;
  NixSelection nix_;
  long long jobs_ = 0;
  std::string memory_;
  std::string step_timeout_;
  bool fail_fast_ = false;
  bool dry_run_ = false;
  bool no_test_ = false;
  bool no_link_ = false;
  bool no_cache_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_build_command() {
  return std::make_unique<BuildCommand>();
}

}  // namespace ortforge

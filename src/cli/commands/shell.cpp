#include <ostream>

#include "ortforge/build/executor.hpp"
#include "ortforge/build/home_lock.hpp"
#include "ortforge/build/needed.hpp"
#include "ortforge/build/work_directory.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/remote_option.hpp"
#include "ortforge/cli/step_option.hpp"
#include "ortforge/cli/toolkit_option.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

class ShellCommand : public CliCommand {
 public:
  std::string name() const override { return "shell"; }
  std::string summary() const override {
    return "Open a shell inside the sandbox of a step, as the build saw it";
  }
  void add_options(OptionSet& options) override {
    options.positional("VARIANT", variant_, "[product/][branch:]name", true);
    options.option("--step", step_, "Step (default: the first that still has to run, else the last)", "NAME");
    options.list("--source", selection_.sources, "Use a folder in place of a source", "NAME=DIR");
    options.option("--environment", selection_.environment, "Another environment than the branch's", "NAME");
    add_toolkit_option(options, selection_.toolkit);
    options.flag("--offline", selection_.offline, "Use nothing but what was fetched before");
    options.list("--command", command_, "Run this instead of a shell; once per argument", "ARGUMENT");
    add_remote_options(options, remote_, false);
  }

  Result<int> run(Session& session) override {
    selection_.names = {variant_};
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
    ORTFORGE_CHECK(setup.workshop().realize_environments(requests));
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    // What the shell sees of the store stays there while somebody looks at it.
    ORTFORGE_TRY(const FileLock in_use,
                 use_store(setup.home(), session.surroundings().interrupt,
                           [&](const std::string& text) { session.err() << text << '\n'; }));
    ORTFORGE_TRY(const auto remote, open_remote(session, remote_, selection_.offline));
    ORTFORGE_TRY(const std::size_t index, find_step(plan, setup.store(), remote.get()));
    const Step& step = plan.steps[index];
    ORTFORGE_TRY(const auto lacking, take_needs(plan, index, setup.store(), remote.get()));
    if (!lacking.empty()) return nothing_to_work_on(step, lacking, remote != nullptr);
    ORTFORGE_CHECK(setup.workshop().fetch_for(step, requests));
    BuildContext context;
    context.home = setup.home();
    context.trees = setup.workshop().trees();
    ORTFORGE_TRY(const auto mounts, step_mounts(plan, index, setup.store(), context));
    ORTFORGE_TRY(const auto work,
                 WorkDirectory::acquire(setup.home(), Store::entry_name(step.key, step.recipe.scope)));
    if (!work) return fail(ErrorKind::bad_input, "{}: another ortforge works in it", step.recipe.scope);
    ORTFORGE_CHECK(work->lay_out(step.recipe, mounts));
    if (command_.empty() && !session.options().quiet) {
      session.err() << fmt::format("{} in {}; its commands:\n", step.recipe.scope, step.environment);
      for (const Command& command : step.recipe.commands) {
        session.err() << fmt::format(
            "  (cd {} && {})\n", shell_word("/w/" + command.directory.generic_string()), shell_text(command));
      }
    }
    const Environment* environment = setup.workshop().environments().at(step.environment);
    const Command inner{command_.empty() ? std::vector<std::string>{"bash", "-i"} : command_, {}, {}};
    const SandboxUse use{.interactive = true, .holds_descriptor = true};
    const Outcome outcome =
        run_interactive(environment->wrap(inner, work->path(), mounts, use), work->lock_descriptor());
    if (const auto* refused = std::get_if<NotStarted>(&outcome.ending)) {
      return fail(ErrorKind::missing, "the sandbox could not be entered: {}", refused->reason);
    }
    const Ending ending = ending_inside(outcome.ending);
    if (const auto* exited = std::get_if<Exited>(&ending)) return exited->code;
    return 1;
  }

 private:
  Result<std::size_t> find_step(const Plan& plan, const Store& store, RemoteStore* remote) const {
    if (step_.empty()) return next_step(plan, store, ask(remote));
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (step_name(plan, plan.steps[i]) == step_) return i;
    }
    return unknown_step(plan, step_);
  }

  tl::unexpected<Error> nothing_to_work_on(const Step& step, const std::vector<std::string>& lacking,
                                           bool asked_remote) const {
    std::string hint = fmt::format("run 'ortforge build {}' first", variant_);
    if (!asked_remote) hint += ", or name a remote store that has it: --remote DIR|URL";
    return fail_with_hint(ErrorKind::bad_input,
                          fmt::format("{} has nothing to work on yet: not in the store: {}",
                                      step.recipe.scope, join(lacking, ", ")),
                          std::move(hint));
  }

  std::string variant_;
  std::string step_;
  std::vector<std::string> command_;
  SelectionOptions selection_;
  RemoteSelection remote_;
};

}  // namespace

std::unique_ptr<CliCommand> make_shell_command() {
  return std::make_unique<ShellCommand>();
}

}  // namespace ortforge

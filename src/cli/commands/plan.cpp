#include "ortforge/report/plan.hpp"

#include <ostream>

#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/filter_option.hpp"
#include "ortforge/cli/remote_option.hpp"

namespace ortforge {
namespace {

class PlanCommand : public CliCommand {
 public:
  std::string name() const override { return "plan"; }
  std::string summary() const override {
    return "Show the steps a build would take, what the store holds and what it costs";
  }
  void add_options(OptionSet& options) override {
    add_selection_options(options, selection_);
    add_remote_options(options, remote_, false);
    options.flag("--dot", dot_, "Print the graph for Graphviz");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    if (setup.variants().empty() && setup.skipped().empty()) say_nothing_passes(session);
    ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    ORTFORGE_TRY(const auto remote, open_remote(session, remote_, selection_.offline));
    ORTFORGE_TRY(const PlanView view, setup.view(plan, requests, ask(remote.get())));
    if (session.options().json) {
      session.out() << plan_json(plan, view);
    } else if (dot_) {
      session.out() << plan_dot(plan, view);
    } else {
      session.out() << plan_text(plan, view, setup.skipped(), session.width(), session.options().verbose);
    }
    return 0;
  }

 private:
  SelectionOptions selection_;
  RemoteSelection remote_;
  bool dot_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_plan_command() {
  return std::make_unique<PlanCommand>();
}

}  // namespace ortforge

#include "ortforge/report/why.hpp"

#include <ostream>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/reasons.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/step_option.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

class WhyCommand : public CliCommand {
 public:
  std::string name() const override { return "why"; }
  std::string summary() const override {
    return "Say which steps would run now, and why: what changed, or is gone";
  }
  void add_options(OptionSet& options) override {
    add_selection_options(options, selection_);
    options.option("--step", step_, "Only this step", "NAME");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    ORTFORGE_TRY(const auto history, setup.history());
    ORTFORGE_TRY(const PlanView view, view_plan(plan, setup.store(), *history));
    Json list = Json::array();
    bool any = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const Step& step = plan.steps[i];
      if (!step_.empty() && step_name(plan, step) != step_) continue;
      any = true;
      WhyInput input;
      input.scope = step.recipe.scope;
      input.state = view.steps[i].state;
      input.unknown = step.unknown;
      input.after_key = step.key;
      input.after = step.parts;
      ORTFORGE_TRY(const auto last, history->last_built(step.recipe.scope));
      if (last) {
        input.before_key = last->key;
        ORTFORGE_TRY(input.before, recorded_parts(setup.home(), last->key));
      }
      if (session.options().json) {
        list.push_back(Json::parse(why_json(input)));
      } else {
        session.out() << why_text(input);
      }
    }
    if (!any && !step_.empty()) return unknown_step(plan, step_);
    if (session.options().json)
      session.out() << list.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    return 0;
  }

 private:
  SelectionOptions selection_;
  std::string step_;
};

}  // namespace

std::unique_ptr<CliCommand> make_why_command() {
  return std::make_unique<WhyCommand>();
}

}  // namespace ortforge

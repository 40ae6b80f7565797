#include <ostream>

#include "ortforge/base/file.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/record/database.hpp"
#include "ortforge/report/runs.hpp"

namespace ortforge {
namespace {

constexpr std::size_t kStepsLookedAt = 200;

class LogCommand : public CliCommand {
 public:
  std::string name() const override { return "log"; }
  std::string summary() const override {
    return "Print a variant's newest log: of the step that failed, else of the last one";
  }
  void add_options(OptionSet& options) override {
    options.positional("VARIANT", variant_, "[product/][branch:]name", true);
    options.option("--step", step_, "The newest log of this step, such as core, package or test", "NAME");
    options.flag("--list", list_, "List the logs there are");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const NameScope scope, session.scope());
    ORTFORGE_TRY(const Variant variant, resolve_variant(*matrix, variant_, scope));
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    ORTFORGE_TRY(const auto database, Database::open_existing(home / "state.db"));
    std::vector<StepRecord> steps;
    if (database) {
      ORTFORGE_TRY(steps, database->steps_of_variant(variant.name, variant.branch, kStepsLookedAt));
    }
    if (list_ || session.options().json) {
      session.out() << (session.options().json ? logs_json(steps) : logs_text(steps, session.width()));
      return 0;
    }
    ORTFORGE_TRY(const StepRecord step, pick_log(steps, step_, variant_));
    ORTFORGE_TRY(const std::string text, read_file(home / step.log));
    session.out() << text;
    return 0;
  }

 private:
  std::string variant_;
  std::string step_;
  bool list_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_log_command() {
  return std::make_unique<LogCommand>();
}

}  // namespace ortforge

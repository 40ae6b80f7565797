#include <ostream>

#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/report/branch_diff.hpp"

namespace ortforge {
namespace {

class DiffCommand : public CliCommand {
 public:
  std::string name() const override { return "diff"; }
  std::string summary() const override {
    return "Say what tells two branches apart: versions, pins, sources, options, variants";
  }
  void add_options(OptionSet& options) override {
    options.positional("BEFORE", before_, "[product/]branch", true);
    options.positional("AFTER", after_, "[product/]branch", true);
    options.flag("--markdown", markdown_, "Markdown tables");
    options.flag("--exit-code", exit_code_, "Exit with 1 when there are differences, as git diff does");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const NameScope scope, session.scope());
    ORTFORGE_TRY(const BranchChoice before, resolve_branch(*matrix, before_, scope));
    ORTFORGE_TRY(const BranchChoice after, resolve_branch(*matrix, after_, scope));
    ORTFORGE_TRY(const BranchDiff diff, diff_branches(*matrix, before, after));
    if (session.options().json) {
      session.out() << branch_diff_json(diff);
    } else if (markdown_) {
      session.out() << branch_diff_markdown(diff);
    } else {
      session.out() << branch_diff_text(diff, session.width());
    }
    return exit_code_ && !diff.empty() ? 1 : 0;
  }

 private:
  std::string before_;
  std::string after_;
  bool markdown_ = false;
  bool exit_code_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_diff_command() {
  return std::make_unique<DiffCommand>();
}

}  // namespace ortforge

#include <ostream>

#include "ortforge/base/text.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/report/new_branch.hpp"

namespace ortforge {
namespace {

class BranchCommand : public CliCommand {
 public:
  std::string name() const override { return "branch"; }
  std::string summary() const override { return "Add a branch to the matrix: branch new NAME --from BRANCH"; }
  void add_options(OptionSet& options) override {
    options.positional("ACTION", action_, "new", true);
    options.positional("NAME", name_, "The branch to add", true);
    options.option("--from", from_, "The branch it inherits from: [product/]branch", "BRANCH");
    options.option("--version", version_, "Its version, such as 1.25.0", "VERSION");
  }

  Result<int> run(Session& session) override {
    if (action_ != "new") {
      return fail(ErrorKind::bad_input, "branch {}: expected new{}", action_, did_you_mean(action_, {"new"}));
    }
    if (from_.empty() || version_.empty()) {
      return fail(ErrorKind::bad_input,
                  "say the parent and the version: branch new {} --from BRANCH --version VERSION", name_);
    }
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const NameScope scope, session.scope());
    ORTFORGE_TRY(const BranchChoice parent, resolve_branch(*matrix, from_, scope));
    ORTFORGE_TRY(const BranchAddition addition, add_branch(*matrix, parent, name_, version_));
    ORTFORGE_CHECK(write_addition(addition));
    session.out() << (session.options().json ? new_branch_json(addition, parent, name_, version_)
                                             : new_branch_text(addition, parent, name_, version_));
    return 0;
  }

 private:
  std::string action_;
  std::string name_;
  std::string from_;
  std::string version_;
};

}  // namespace

std::unique_ptr<CliCommand> make_branch_command() {
  return std::make_unique<BranchCommand>();
}

}  // namespace ortforge

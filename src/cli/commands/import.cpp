#include "ortforge/report/import.hpp"

#include <ostream>

#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {
namespace {

class ImportCommand : public CliCommand {
 public:
  std::string name() const override { return "import"; }
  std::string summary() const override {
    return "Say where hand-kept Nix recipes (.flox/pkgs) differ from the matrix";
  }
  void add_options(OptionSet& options) override {
    options.positional("DIR", directory_, "The folder with .flox/pkgs, or with the recipes", true);
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const RecipeTree tree, read_recipe_tree(session.surroundings().directory / directory_));
    const GlobalOptions& options = session.options();
    BranchChoice choice;
    if (options.branch.empty()) {
      ORTFORGE_TRY(choice, likeliest_branch(*matrix, tree, options.product));
    } else {
      ORTFORGE_TRY(const NameScope scope, session.scope());
      ORTFORGE_TRY(choice, resolve_branch(*matrix, scope));
    }
    const ImportReport report = compare_tree(*matrix, choice, tree);
    session.out() << (session.options().json
                          ? import_json(report, tree)
                          : import_text(report, tree, session.options().verbose, session.width()));
    return report.empty() ? 0 : 1;
  }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<CliCommand> make_import_command() {
  return std::make_unique<ImportCommand>();
}

}  // namespace ortforge

#include <ostream>

#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/recipe/recipe_tree.hpp"
#include "ortforge/report/recipes.hpp"
#include "ortforge/report/variants.hpp"

namespace ortforge {
namespace {

class GenerateCommand : public CliCommand {
 public:
  std::string name() const override { return "generate"; }
  std::string summary() const override {
    return "Write the recipes of a branch, for people, review and other build systems";
  }
  void add_options(OptionSet& options) override {
    options.positionals("VARIANT", names_, "Only these variants", false);
    options.option("--filter", filter_, "Only variants that pass", "EXPR");
    options.option("--backend", backend_, "cmake (default: every backend there is)", "NAME");
    options.option("--out", out_, "Folder (default: recipes)", "DIR");
    options.flag("--all", all_, "Every product and branch");
    options.flag("--check", check_, "Write nothing; show differences and exit with 1 when there are any");
  }

  Result<int> run(Session& session) override {
    if (!backend_.empty() && backend_ != "cmake") {
      return fail(ErrorKind::bad_input, "--backend {}: expected cmake, the only backend this version renders",
                  backend_);
    }
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const auto templates, session.templates_directory());
    ORTFORGE_TRY(const TemplateFolder folder, TemplateFolder::load(templates));
    std::vector<RecipeSet> sets;
    if (all_) {
      for (const auto& [name, product] : matrix->products) {
        for (const std::string& branch : product.branch_order) {
          ORTFORGE_TRY(RecipeSet set,
                       render_branch(*matrix, product, product.branches.at(branch), folder, {}));
          sets.push_back(std::move(set));
        }
      }
    } else if (names_.empty() && filter_.empty()) {
      ORTFORGE_TRY(const NameScope scope, session.scope());
      ORTFORGE_TRY(const BranchChoice choice, resolve_branch(*matrix, scope));
      ORTFORGE_TRY(RecipeSet set, render_branch(*matrix, *choice.product, *choice.branch, folder, {}));
      sets.push_back(std::move(set));
    } else {
      ORTFORGE_TRY(sets, chosen(session, *matrix, folder));
    }
    const std::filesystem::path out = session.surroundings().directory / (out_.empty() ? "recipes" : out_);
    const auto differences = check_ ? compare_recipes(sets, out) : write_recipes(sets, out);
    if (!differences) return pass_on(differences.error());
    session.out() << (session.options().json ? recipes_json(sets, *differences, !check_)
                                             : recipes_text(sets, *differences, !check_, out));
    return check_ && !differences->empty() ? 1 : 0;
  }

 private:
  // Recipes of single variants, each in the folder of its branch.
  Result<std::vector<RecipeSet>> chosen(Session& session, const Matrix& matrix,
                                        const TemplateFolder& folder) const {
    ORTFORGE_TRY(const std::vector<Variant> variants, session.select(names_, filter_));
    std::vector<RecipeSet> sets;
    for (const Variant& variant : variants) {
      if (names_.empty() && !cmake_feasibility(variant).feasible) continue;
      ORTFORGE_TRY(Recipe recipe, render_cmake_recipe(matrix, variant, folder, {}));
      sets.push_back(
          {std::filesystem::path(variant.product) / variant.branch / "cmake", {std::move(recipe)}, false});
    }
    return sets;
  }

  std::vector<std::string> names_;
  std::string filter_;
  std::string backend_;
  std::string out_;
  bool all_ = false;
  bool check_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_generate_command() {
  return std::make_unique<GenerateCommand>();
}

}  // namespace ortforge

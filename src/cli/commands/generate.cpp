#include <algorithm>
#include <ostream>

#include "ortforge/base/text.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/recipe/nix_recipe.hpp"
#include "ortforge/recipe/recipe_tree.hpp"
#include "ortforge/report/recipes.hpp"
#include "ortforge/source/git_commit.hpp"

namespace ortforge {
namespace {

const std::vector<std::string> kBackends{"cmake", "nix"};

class GenerateCommand : public CliCommand {
 public:
  std::string name() const override { return "generate"; }
  std::string summary() const override {
    return "Write the recipes of a branch, for people, review and other build systems";
  }
  void add_options(OptionSet& options) override {
    options.positionals("VARIANT", names_, "Only these variants", false);
    options.option("--filter", filter_, "Only variants that pass", "EXPR");
    options.option("--backend", backend_, "cmake or nix (default: every backend there is)", "NAME");
    options.option("--out", out_, "Folder (default: recipes)", "DIR");
    options.flag("--all", all_, "Every product and branch");
    options.flag("--check", check_, "Write nothing; show differences and exit with 1 when there are any");
    options.option("--commit", commit_,
                   "Write one commit on a branch of a git repository instead of a folder", "BRANCH");
    options.option("--repository", repository_, "For --commit (default: around the current folder)", "DIR");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_CHECK(check_options());
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const auto templates, session.templates_directory());
    ORTFORGE_TRY(const TemplateFolder folder, TemplateFolder::load(templates));
    ORTFORGE_TRY(std::vector<RecipeSet> sets, wanted(session, *matrix, folder));
    if (!commit_.empty()) return commit(session, sets);
    take_away_folders(sets);
    const std::filesystem::path out = session.surroundings().directory / (out_.empty() ? "recipes" : out_);
    const auto differences = check_ ? compare_recipes(sets, out) : write_recipes(sets, out);
    if (!differences) return pass_on(differences.error());
    session.out() << (session.options().json ? recipes_json(sets, *differences, !check_)
                                             : recipes_text(sets, *differences, !check_, out));
    return check_ && !differences->empty() ? 1 : 0;
  }

 private:
  Result<void> check_options() const {
    const bool known = std::find(kBackends.begin(), kBackends.end(), backend_) != kBackends.end();
    if (!backend_.empty() && !known) {
      return fail(ErrorKind::bad_input, "--backend {}: expected cmake or nix{}", backend_,
                  did_you_mean(backend_, kBackends));
    }
    if (commit_.empty() && !repository_.empty())
      return fail(ErrorKind::bad_input, "--repository goes with --commit only");
    if (!commit_.empty() && (check_ || !out_.empty()))
      return fail(ErrorKind::bad_input, "--commit writes no folder: it goes without --out and --check");
    if (!commit_.empty() && (!names_.empty() || !filter_.empty()))
      return fail(ErrorKind::bad_input,
                  "--commit takes whole branches: it goes without VARIANT and --filter");
    return {};
  }

  bool is_wanted(const std::string& backend) const { return backend_.empty() || backend_ == backend; }

  Result<std::vector<RecipeSet>> wanted(Session& session, const Matrix& matrix,
                                        const TemplateFolder& folder) const {
    std::vector<RecipeSet> sets;
    if (!all_ && (!names_.empty() || !filter_.empty())) return chosen(session, matrix, folder);
    if (!all_) {
      ORTFORGE_TRY(const NameScope scope, session.scope());
      ORTFORGE_TRY(const BranchChoice choice, resolve_branch(matrix, scope));
      ORTFORGE_CHECK(add_branch(matrix, *choice.product, *choice.branch, folder, sets));
      if (sets.empty())
        return fail(ErrorKind::bad_input, "branch {} does not offer the backend {}", choice.branch->name,
                    backend_);
      return sets;
    }
    for (const auto& [name, product] : matrix.products) {
      for (const std::string& branch : product.branch_order)
        ORTFORGE_CHECK(add_branch(matrix, product, product.branches.at(branch), folder, sets));
    }
    return sets;
  }

  Result<void> add_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                          const TemplateFolder& folder, std::vector<RecipeSet>& sets) const {
    for (const std::string& backend : branch.backends) {
      if (!is_wanted(backend)) continue;
      auto set = backend == "nix" ? render_nix_branch(matrix, product, branch, folder)
                                  : render_branch(matrix, product, branch, folder, {});
      if (!set) return pass_on(std::move(set).error());
      sets.push_back(*std::move(set));
    }
    return {};
  }

  // Recipes of single variants, each in the folder of its branch: of one that was named every backend that
  // can build it, or else the error that says why none can.
  Result<std::vector<RecipeSet>> chosen(Session& session, const Matrix& matrix,
                                        const TemplateFolder& folder) const {
    ORTFORGE_TRY(const std::vector<Variant> variants, session.select(names_, filter_));
    std::vector<RecipeSet> sets;
    for (const Variant& variant : variants) {
      std::vector<std::string> backends;
      for (const auto& [backend, answer] : variant.backends) {
        if (is_wanted(backend) && answer.feasible) backends.push_back(backend);
      }
      if (backends.empty() && !names_.empty()) backends = {backend_.empty() ? "cmake" : backend_};
      for (const std::string& backend : backends) {
        const bool nix = backend == "nix";
        auto recipe = nix ? render_nix_recipe(matrix, variant, folder)
                          : render_cmake_recipe(matrix, variant, folder, {});
        if (!recipe) return pass_on(std::move(recipe).error());
        RecipeSet set;
        set.directory = std::filesystem::path(variant.product) / variant.branch / backend;
        set.recipes.push_back(*std::move(recipe));
        set.flat = nix;
        sets.push_back(std::move(set));
      }
    }
    return sets;
  }

  // A folder that was named for the Nix recipes of one branch is that branch's, as Flox and flakes want it.
  void take_away_folders(std::vector<RecipeSet>& sets) const {
    if (backend_ != "nix" || out_.empty() || all_ || sets.empty()) return;
    const std::filesystem::path first = sets.front().directory;
    if (std::any_of(sets.begin(), sets.end(), [&](const RecipeSet& set) { return set.directory != first; }))
      return;
    for (RecipeSet& set : sets) set.directory.clear();
  }

  Result<int> commit(Session& session, std::vector<RecipeSet>& sets) const {
    std::vector<std::string> names;
    names.reserve(sets.size());
    for (const RecipeSet& set : sets) names.push_back(set.directory.generic_string());
    const std::string what =
        names.size() == 1 ? names.front() : fmt::format("{} branches and backends", names.size());
    const std::string message = fmt::format("Recipes of {}\n\nWritten by ortforge {}:\n- {}\n", what,
                                            ORTFORGE_VERSION, join(names, "\n- "));
    if (sets.size() == 1) sets.front().directory.clear();
    const std::filesystem::path around = session.surroundings().directory / repository_;
    ORTFORGE_TRY(const GitCommitted committed, commit_files(around, commit_, files_in(sets), message));
    session.out() << (session.options().json ? recipes_json(sets, {}, committed.made, &committed)
                                             : committed_text(sets, committed));
    return 0;
  }

  std::vector<std::string> names_;
  std::string filter_;
  std::string backend_;
  std::string out_;
  std::string commit_;
  std::string repository_;
  bool all_ = false;
  bool check_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_generate_command() {
  return std::make_unique<GenerateCommand>();
}

}  // namespace ortforge

#include "ortforge/matrix/import.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <tuple>

#include "compare_recipe.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostRecipes = 10'000;

Result<NixRecipe> read_recipe_file(const fs::path& file) {
  std::error_code error;
  if (const std::uintmax_t size = fs::file_size(file, error); !error && size > kNixRecipeLimit) {
    return fail(ErrorKind::bad_input, "line 1: longer than {}, which no recipe is",
                format_bytes(kNixRecipeLimit));
  }
  ORTFORGE_TRY(const std::string text, read_file(file));
  return read_nix_recipe(text);
}

// The file of a recipe that an entry of the folder stands for; empty: none.
fs::path recipe_file(const fs::directory_entry& entry) {
  std::error_code error;
  if (entry.is_regular_file(error)) return entry.path().extension() == ".nix" ? entry.path() : fs::path();
  const fs::path inside = entry.path() / "default.nix";
  return entry.is_directory(error) && fs::is_regular_file(inside, error) ? inside : fs::path();
}

std::string name_of_entry(const fs::directory_entry& entry, const fs::path& file) {
  return (file == entry.path() ? file.stem() : entry.path().filename()).string();
}

// How well a branch fits a tree: names in common, recipes that give its version.
std::pair<std::size_t, std::size_t> score_of(const Matrix& matrix, const BranchChoice& choice,
                                             const RecipeTree& tree) {
  const std::vector<Variant> variants = variants_of(matrix, *choice.product, *choice.branch);
  std::pair<std::size_t, std::size_t> score;
  for (const ImportedRecipe& entry : tree.recipes) {
    const bool known = std::any_of(variants.begin(), variants.end(),
                                   [&](const Variant& variant) { return variant.name == entry.name; });
    if (!known) continue;
    ++score.first;
    if (!entry.recipe) continue;
    const std::string said = matrix_import::version_said(*entry.recipe, choice.product->title);
    if (!said.empty() && compare_versions(said, choice.branch->version) == 0) ++score.second;
  }
  return score;
}

// Findings by kind, else in the order in which they first come up, each with all its recipes.
class Collected {
 public:
  void add(const matrix_import::Difference& difference, const std::string& recipe) {
    const auto [place, fresh] = index_.emplace(difference, list_.size());
    if (fresh) list_.push_back({difference.first, difference.second, {}});
    list_[place->second].recipes.push_back(recipe);
  }

  std::vector<ImportFinding> take() {
    std::stable_sort(list_.begin(), list_.end(), [](const ImportFinding& left, const ImportFinding& right) {
      return rank(left.kind) < rank(right.kind);
    });
    return std::move(list_);
  }

 private:
  static std::ptrdiff_t rank(const std::string& kind) {
    constexpr std::string_view kKinds[] = {"unreadable", "name",      "gpu",        "flags",
                                           "version",    "source",    "pin",        "toolkit",
                                           "python",     "platforms", "feasibility"};
    return std::find(std::begin(kKinds), std::end(kKinds), kind) - std::begin(kKinds);
  }

  std::map<matrix_import::Difference, std::size_t> index_;
  std::vector<ImportFinding> list_;
};

bool nix_can_build(const Variant& variant) {
  const auto nix = variant.backends.find("nix");
  return nix == variant.backends.end() || nix->second.feasible;
}

}  // namespace

Result<RecipeTree> read_recipe_tree(const fs::path& directory) {
  std::error_code error;
  RecipeTree tree;
  tree.directory = directory;
  if (const fs::path flox = directory / ".flox" / "pkgs"; fs::is_directory(flox, error))
    tree.directory = flox;
  std::vector<std::pair<std::string, fs::path>> files;
  fs::directory_iterator entries(tree.directory, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path file = recipe_file(*entries);
    if (!file.empty()) files.emplace_back(name_of_entry(*entries, file), file);
  }
  if (error)
    return fail(ErrorKind::bad_input, "{}: cannot be read: {}", tree.directory.string(), error.message());
  if (files.empty() || files.size() > kMostRecipes) {
    return fail(ErrorKind::bad_input, "{}: expected between 1 and {} recipes (NAME.nix), found {}",
                tree.directory.string(), kMostRecipes, files.size());
  }
  std::sort(files.begin(), files.end());
  for (const auto& [name, file] : files) tree.recipes.push_back({name, read_recipe_file(file)});
  return tree;
}

Result<BranchChoice> likeliest_branch(const Matrix& matrix, const RecipeTree& tree,
                                      const std::string& wanted_product) {
  if (!wanted_product.empty()) ORTFORGE_CHECK(resolve_branch(matrix, NameScope{wanted_product}));
  BranchChoice best;
  std::tuple<std::size_t, std::size_t, bool, bool> best_score;
  for (const auto& [name, product] : matrix.products) {
    if (!wanted_product.empty() && name != wanted_product) continue;
    for (const std::string& branch : product.branch_order) {
      const BranchChoice choice{&product, &product.branches.at(branch)};
      const auto [shared, versions] = score_of(matrix, choice, tree);
      const std::tuple score{shared, versions, name == matrix.default_product,
                             branch == product.default_branch};
      if (shared == 0 || (best.product != nullptr && score <= best_score)) continue;
      best = choice;
      best_score = score;
    }
  }
  if (best.product != nullptr) return best;
  return fail_with_hint(ErrorKind::bad_input,
                        fmt::format("{}: no recipe has the name of a variant, such as {}",
                                    tree.directory.string(), tree.recipes.front().name),
                        "name the branch to compare with: --product NAME --branch NAME");
}

ImportReport compare_tree(const Matrix& matrix, const BranchChoice& choice, const RecipeTree& tree) {
  ImportReport report;
  report.product = choice.product->name;
  report.branch = choice.branch->name;
  report.recipes = tree.recipes.size();
  std::map<std::string, const ImportedRecipe*> by_name;
  for (const ImportedRecipe& entry : tree.recipes) by_name.emplace(entry.name, &entry);
  Collected findings;
  std::vector<Variant> missing;
  for (const Variant& variant : variants_of(matrix, *choice.product, *choice.branch)) {
    const auto entry = by_name.find(variant.name);
    if (entry == by_name.end()) {
      if (nix_can_build(variant)) missing.push_back(variant);
      continue;
    }
    if (const Result<NixRecipe>& recipe = entry->second->recipe) {
      for (const auto& difference : matrix_import::compare_recipe(matrix, choice, variant, *recipe))
        findings.add(difference, variant.name);
    }
    entry->second = nullptr;
  }
  for (const auto& [name, entry] : by_name) {
    if (entry != nullptr) report.only_in_tree.push_back(name);
  }
  for (const ImportedRecipe& entry : tree.recipes) {
    if (!entry.recipe) findings.add({"unreadable", entry.recipe.error().message}, entry.name);
  }
  report.only_in_matrix = variant_ranges(missing);
  report.findings = findings.take();
  return report;
}

}  // namespace ortforge

// The recipes of the shipped matrix. `UPDATE_GOLDEN=1` writes the golden files instead of comparing with
// them.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <set>

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/matrix/check.hpp"
#include "ortforge/recipe/recipe_tree.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TEST_SOURCE_DIR;
const fs::path kGolden = kRoot / "tests" / "golden";

bool updating() {
  const char* wish = std::getenv("UPDATE_GOLDEN");
  return wish != nullptr && std::string_view(wish) == "1";
}

Result<std::vector<RecipeSet>> render_all(const Matrix& matrix) {
  ORTFORGE_TRY(const TemplateFolder templates, TemplateFolder::load(kRoot / "templates"));
  std::vector<RecipeSet> sets;
  for (const auto& [name, product] : matrix.products) {
    for (const std::string& branch : product.branch_order) {
      ORTFORGE_TRY(RecipeSet set, render_branch(matrix, product, product.branches.at(branch), templates, {}));
      sets.push_back(std::move(set));
    }
  }
  return sets;
}

// One line for each recipe: the digest over all its files, and the path.
std::string digest_lines(const std::vector<RecipeSet>& sets) {
  std::string lines;
  for (const RecipeSet& set : sets) {
    for (const Recipe& recipe : set.recipes) {
      Sha256 all;
      for (const auto& [path, content] : recipe.files) all.update(path + "\n" + sha256(content).hex() + "\n");
      lines += all.finish().hex() + "  " + (set.directory / recipe.variant).generic_string() + "\n";
    }
  }
  return lines;
}

// Copies of templates: the test project and what is for applications, but for the crate's manifest.
bool is_copy(const std::string& path) {
  return path.starts_with("test/") || path.starts_with("wrapper/") || path.starts_with("python_test/") ||
         (path.starts_with("rust/") && !path.ends_with("/Cargo.toml"));
}

// The variants whose files are kept whole, but for copies: the first of each accelerator on every branch.
std::map<std::string, std::string> golden_files(const std::vector<RecipeSet>& sets) {
  std::map<std::string, std::string> files;
  for (const RecipeSet& set : sets) {
    bool seen[2] = {false, false};
    for (const Recipe& recipe : set.recipes) {
      bool& done = seen[recipe.variant.find("-cpu-") == std::string::npos ? 1 : 0];
      if (done) continue;
      done = true;
      for (const auto& [path, content] : recipe.files) {
        if (!is_copy(path))
          files[(set.directory.parent_path() / recipe.variant / path).generic_string()] = content;
      }
    }
  }
  return files;
}

// The matrix is read and rendered once for all tests.
class ShippedRecipes : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = load_matrix(kRoot / "matrix");
    ASSERT_TRUE(loaded) << loaded.error().message;
    matrix_ = *std::move(loaded);
    sets_ = render();
  }
  void SetUp() override { ASSERT_FALSE(sets_.empty()); }

  static std::vector<RecipeSet> render() {
    auto sets = render_all(matrix_);
    EXPECT_TRUE(sets) << sets.error().message;
    return sets ? *std::move(sets) : std::vector<RecipeSet>{};
  }

  // Branches for Nix alone have no recipes here.
  static bool offers_cmake(const RecipeSet& set) {
    const fs::path branch = set.directory.parent_path();
    const auto& backends =
        matrix_.products.at(branch.parent_path().string()).branches.at(branch.filename().string()).backends;
    return std::find(backends.begin(), backends.end(), "cmake") != backends.end();
  }

  inline static Matrix matrix_;
  inline static std::vector<RecipeSet> sets_;
};

TEST_F(ShippedRecipes, AreRenderedTwiceAlike) {
  const auto& first = sets_;
  const auto second = render();
  ASSERT_EQ(first.size(), second.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].recipes.empty(), !offers_cmake(first[i])) << first[i].directory;
    EXPECT_TRUE(first[i].recipes == second[i].recipes) << first[i].directory;
    count += second[i].recipes.size();
  }
  EXPECT_GT(count, 400U);
}

TEST_F(ShippedRecipes, EqualTheGoldenDigests) {
  const std::string lines = digest_lines(sets_);
  if (updating()) {
    ASSERT_TRUE(write_file(kGolden / "digests.txt", lines));
    return;
  }
  const auto golden = read_file(kGolden / "digests.txt");
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(*golden, lines) << "if this is meant: UPDATE_GOLDEN=1 ctest -R ShippedRecipes";
}

TEST_F(ShippedRecipes, EqualTheGoldenFiles) {
  const auto files = golden_files(sets_);
  ASSERT_FALSE(files.empty());
  if (updating()) {
    for (const auto& [product, ignored] : matrix_.products) ASSERT_TRUE(remove_tree(kGolden / product));
    for (const auto& [path, content] : files) ASSERT_TRUE(write_file(kGolden / path, content));
    return;
  }
  for (const auto& [path, content] : files) {
    const auto golden = read_file(kGolden / path);
    ASSERT_TRUE(golden) << golden.error().message;
    EXPECT_EQ(*golden, content) << path;
  }
  std::size_t present = 0;
  for (const auto& [product, ignored] : matrix_.products) {
    for (const auto& item : fs::recursive_directory_iterator(kGolden / product))
      present += item.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(present, files.size()) << "tests/golden holds files of no recipe";
}

TEST_F(ShippedRecipes, NameNoPathAndNoNativeFlag) {
  for (const RecipeSet& set : sets_) {
    for (const Recipe& recipe : set.recipes) {
      for (const auto& [path, content] : recipe.files) {
        EXPECT_EQ(content.find("-march=native"), std::string::npos) << recipe.variant << " " << path;
        EXPECT_EQ(content.find(kRoot.string()), std::string::npos) << recipe.variant << " " << path;
      }
      for (const RecipeStep& step : recipe.steps)
        EXPECT_FALSE(step.commands.empty()) << recipe.variant << " " << step.name;
    }
  }
}

TEST_F(ShippedRecipes, ShareCoresAndProviders) {
  const auto& sets = sets_;
  const auto steps_of = [&](const std::string& variant) -> std::map<std::string, RecipeStep> {
    std::map<std::string, RecipeStep> steps;
    for (const RecipeSet& set : sets) {
      for (const Recipe& recipe : set.recipes) {
        if (recipe.variant != variant) continue;
        for (const RecipeStep& step : recipe.steps) steps[step.name] = step;
      }
    }
    EXPECT_FALSE(steps.empty()) << variant;
    return steps;
  };
  auto sm90 = steps_of("simdkernels-cuda13_0-sm90-avx512");
  auto sm80 = steps_of("simdkernels-cuda13_0-sm80-avx512");
  auto other_isa = steps_of("simdkernels-cuda13_0-sm90-avx2");
  auto cpu = steps_of("simdkernels-cpu-avx512");
  EXPECT_EQ(sm90["core"], sm80["core"]);
  EXPECT_EQ(sm90["core"], cpu["core"]);
  EXPECT_EQ(sm90["prepare"], cpu["prepare"]);
  EXPECT_EQ(sm90["provider"], other_isa["provider"]);
  EXPECT_NE(sm90["provider"], sm80["provider"]);
  EXPECT_NE(sm90["core"], other_isa["core"]);
  EXPECT_TRUE(sm90["provider"].toolkit);
  EXPECT_FALSE(sm90["core"].toolkit);
  EXPECT_EQ(cpu["package"].needs, std::vector<std::string>{"core"});
}

// Flags differ by instruction set, SM and toolkit: objects compiled with others must not be found.
TEST_F(ShippedRecipes, HaveOneCacheNamespaceForEachSetOfFlags) {
  std::map<std::string, std::set<std::string>> by_namespace;
  const auto flags_of = [](const RecipeStep& step) -> std::string {
    const auto front_end = step.files.find("front-end.cmake");
    const auto file = front_end == step.files.end() ? step.files.lower_bound("toolchain/") : front_end;
    if (file == step.files.end()) return "no toolchain file";
    const std::size_t at = file->second.find("set(instruction_set ");
    return at == std::string::npos ? "none" : file->second.substr(at, file->second.find('\n', at) - at);
  };
  for (const RecipeSet& set : sets_) {
    for (const Recipe& recipe : set.recipes) {
      for (const RecipeStep& step : recipe.steps) {
        EXPECT_EQ(step.cache_namespace.empty(), step.kind != "build") << step.scope;
        if (step.kind == "build") by_namespace[step.cache_namespace].insert(flags_of(step));
      }
    }
  }
  for (const auto& [name, flags] : by_namespace) EXPECT_EQ(flags.size(), 1U) << name;
  EXPECT_TRUE(by_namespace.contains("avx512"));
  EXPECT_TRUE(by_namespace.contains("x86_64-linux-cuda13_0-sm90"));
}

TEST_F(ShippedRecipes, CoresWithAndWithoutCudaShareTheirObjects) {
  std::map<std::string, std::set<std::string>> namespaces;  // by scope
  for (const RecipeSet& set : sets_) {
    if (set.directory != fs::path("onnxruntime") / "ort-1.21" / "cmake") continue;
    for (const Recipe& recipe : set.recipes) {
      for (const RecipeStep& step : recipe.steps) {
        if (step.name == "core") namespaces[step.scope].insert(step.cache_namespace);
      }
    }
  }
  EXPECT_EQ(namespaces["onnxruntime-1.21.0-core-cpu-avx512"], std::set<std::string>{"avx512"});
  EXPECT_EQ(namespaces["onnxruntime-1.21.0-core-cuda-avx512"], std::set<std::string>{"avx512"});
}

// The interpreter that code generators run may be of any version; headers and NumPy are for the binding.
TEST_F(ShippedRecipes, AskForPythonsHeadersOnlyForAWheel) {
  const auto templates = TemplateFolder::load(kRoot / "templates");
  ASSERT_TRUE(templates) << templates.error().message;
  const Product& product = matrix_.products.at("onnxruntime");
  RecipeOptions options;
  options.outputs = {"lib"};
  for (const Variant& variant : variants_of(matrix_, product, product.branches.at("ort-1.21"))) {
    if (variant.isa != "avx512" || (variant.sm && *variant.sm != 90)) continue;
    const auto recipe = render_cmake_recipe(matrix_, variant, *templates, options);
    ASSERT_TRUE(recipe) << recipe.error().message;
    const std::string& presets = recipe->files.at("CMakePresets.json");
    EXPECT_EQ(presets.find("onnxruntime_ENABLE_PYTHON"), std::string::npos) << variant.name;
    EXPECT_NE(presets.find("onnxruntime_DISABLE_RTTI"), std::string::npos)
        << variant.name << ": without Python and CUDA it would be on";
  }
}

TEST_F(ShippedRecipes, HaveARecipeJsonThatFitsItsSchema) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "recipe.json";
  for (const RecipeSet& set : sets_) {
    if (set.recipes.empty()) continue;
    for (const Recipe& recipe : {set.recipes.front(), set.recipes.back()}) {
      ASSERT_TRUE(write_file(file, recipe.files.at("recipe.json")));
      const auto findings = check_schema(file, kRoot / "docs" / "json" / "recipe.schema.json");
      ASSERT_TRUE(findings) << findings.error().message;
      for (const Finding& finding : *findings) ADD_FAILURE() << recipe.variant << " " << describe(finding);
    }
  }
}

}  // namespace
}  // namespace ortforge

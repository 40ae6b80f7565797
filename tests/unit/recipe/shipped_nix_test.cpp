// The Nix recipes of the shipped matrix. `UPDATE_GOLDEN=1` writes the golden files instead of comparing with
// them.
#include <cstdlib>

#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/recipe/nix_recipe.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

const fs::path kNixGolden = fs::path(TEST_SOURCE_DIR) / "tests" / "golden" / "nix";

bool is_update() {
  const char* wish = std::getenv("UPDATE_GOLDEN");
  return wish != nullptr && std::string_view(wish) == "1";
}

class ShippedNixRecipes : public testing::Test {
 protected:
  static void SetUpTestSuite() { sets_ = render(); }
  void SetUp() override { ASSERT_FALSE(sets_.empty()); }

  static std::vector<RecipeSet> render() {
    const Matrix& matrix = shipped_matrix();
    const auto templates = TemplateFolder::load(fs::path(TEST_SOURCE_DIR) / "templates");
    std::vector<RecipeSet> sets;
    for (const auto& [name, product] : matrix.products) {
      for (const std::string& branch_name : product.branch_order) {
        const Branch& branch = product.branches.at(branch_name);
        if (branch.nix.layers.empty()) continue;
        auto set = render_nix_branch(matrix, product, branch, *templates);
        EXPECT_TRUE(set) << set.error().message;
        if (set) sets.push_back(*std::move(set));
      }
    }
    return sets;
  }

  inline static std::vector<RecipeSet> sets_;
};

TEST_F(ShippedNixRecipes, AreRenderedTwiceAlike) {
  EXPECT_EQ(files_in(sets_), files_in(render()));
}

TEST_F(ShippedNixRecipes, EqualTheGoldenDigests) {
  std::string lines;
  for (const auto& [path, content] : files_in(sets_)) lines += sha256(content).hex() + "  " + path + "\n";
  if (is_update()) {
    ASSERT_TRUE(write_file(kNixGolden / "digests.txt", lines));
    return;
  }
  const auto golden = read_file(kNixGolden / "digests.txt");
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(*golden, lines) << "if this is meant: UPDATE_GOLDEN=1 ctest -R ShippedNixRecipes";
}

// Of every branch the first package of each accelerator and the files beside them.
TEST_F(ShippedNixRecipes, EqualTheGoldenFiles) {
  std::map<std::string, std::string> files;
  for (const RecipeSet& set : sets_) {
    for (const auto& [path, content] : set.files) files[(set.directory / path).generic_string()] = content;
    bool seen[2] = {false, false};
    for (const Recipe& recipe : set.recipes) {
      bool& done = seen[recipe.variant.find("-cpu-") == std::string::npos ? 1 : 0];
      if (done) continue;
      done = true;
      for (const auto& [path, content] : recipe.files)
        files[(set.directory / path).generic_string()] = content;
    }
  }
  if (is_update()) {
    for (const auto& [product, ignored] : shipped_matrix().products)
      ASSERT_TRUE(remove_tree(kNixGolden / product));
    for (const auto& [path, content] : files) ASSERT_TRUE(write_file(kNixGolden / path, content));
    return;
  }
  for (const auto& [path, content] : files) {
    const auto golden = read_file(kNixGolden / path);
    ASSERT_TRUE(golden) << golden.error().message;
    EXPECT_EQ(*golden, content) << path;
  }
}

}  // namespace
}  // namespace ortforge

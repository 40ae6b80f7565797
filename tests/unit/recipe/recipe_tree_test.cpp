#include "ortforge/recipe/recipe_tree.hpp"

#include "support/small_matrix.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using Kind = RecipeDifference::Kind;

RecipeSet demo_set(bool whole_branch = true) {
  Recipe recipe;
  recipe.variant = "demo-cpu-avx2";
  recipe.files = {{"README.md", "one\ntwo\n"}, {"test/a.c", "int a;\n"}};
  return {fs::path("demo/1/cmake"), {recipe}, whole_branch};
}

std::vector<std::string> described(const std::vector<RecipeDifference>& differences) {
  std::vector<std::string> texts;
  for (const RecipeDifference& difference : differences) texts.push_back(describe(difference));
  return texts;
}

TEST(RecipeTree, IsWrittenOnceAndThenLeftAlone) {
  const TemporaryDirectory directory;
  EXPECT_EQ(described(write_recipes({demo_set()}, directory.path()).value()),
            (std::vector<std::string>{"missing: demo/1/cmake/demo-cpu-avx2/README.md",
                                      "missing: demo/1/cmake/demo-cpu-avx2/test/a.c"}));
  EXPECT_EQ(read_file(directory.path() / "demo/1/cmake/demo-cpu-avx2/README.md").value(), "one\ntwo\n");
  EXPECT_TRUE(compare_recipes({demo_set()}, directory.path()).value().empty());
  EXPECT_TRUE(write_recipes({demo_set()}, directory.path()).value().empty());
}

TEST(RecipeTree, ComparesWithoutWriting) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_recipes({demo_set()}, directory.path()));
  const fs::path recipe = directory.path() / "demo/1/cmake/demo-cpu-avx2";
  ASSERT_TRUE(write_file(recipe / "README.md", "one\n2\n"));
  ASSERT_TRUE(write_file(recipe / "old", ""));
  fs::remove(recipe / "test/a.c");
  EXPECT_EQ(described(compare_recipes({demo_set()}, directory.path()).value()),
            (std::vector<std::string>{
                "different: demo/1/cmake/demo-cpu-avx2/README.md:2: found '2', expected 'two'",
                "stale: demo/1/cmake/demo-cpu-avx2/old", "missing: demo/1/cmake/demo-cpu-avx2/test/a.c"}));
  EXPECT_EQ(read_file(recipe / "README.md").value(), "one\n2\n");
  EXPECT_TRUE(fs::exists(recipe / "old"));
}

TEST(RecipeTree, RemovesVariantsTheBranchNoLongerHas) {
  const TemporaryDirectory directory;
  const fs::path old = directory.path() / "demo/1/cmake/demo-cpu-avx";
  ASSERT_TRUE(write_file(old / "README.md", "x"));
  ASSERT_TRUE(write_file(directory.path() / "demo/2/cmake/demo-cpu-avx/README.md", "x"));
  ASSERT_TRUE(write_recipes({demo_set(false)}, directory.path()));
  EXPECT_TRUE(fs::exists(old)) << "only some variants were rendered";
  ASSERT_TRUE(write_recipes({demo_set(true)}, directory.path()));
  EXPECT_FALSE(fs::exists(old)) << "the empty folder goes too";
  EXPECT_TRUE(fs::exists(directory.path() / "demo/2/cmake/demo-cpu-avx/README.md")) << "another branch";
}

TEST(RecipeTree, SaysWhatAFolderThatCannotBeWrittenIs) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "demo", "a file where a folder must be"));
  const auto written = write_recipes({demo_set()}, directory.path());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::missing);
}

TEST(RecipeTree, HoldsTheFeasibleVariantsOfABranch) {
  const Matrix matrix = small_matrix();
  const Product& product = matrix.products.at("demo");
  const auto templates = TemplateFolder::load(fs::path(TEST_SOURCE_DIR) / "templates");
  ASSERT_TRUE(templates);
  const auto set = render_branch(matrix, product, product.branches.at("1"), *templates, {});
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->directory, "demo/1/cmake");
  ASSERT_EQ(set->recipes.size(), 1U);
  EXPECT_EQ(set->recipes[0].variant, "demo-cpu-avx2");
  EXPECT_TRUE(set->whole_branch);
}

}  // namespace
}  // namespace ortforge

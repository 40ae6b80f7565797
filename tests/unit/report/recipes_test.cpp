#include "ortforge/report/recipes.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

RecipeSet set_of(const char* directory, std::size_t recipes) {
  RecipeSet set;
  set.directory = directory;
  set.recipes.resize(recipes);
  return set;
}

RecipeDifference missing(const char* file) {
  RecipeDifference difference;
  difference.file = file;
  return difference;
}

TEST(RecipesReport, CountsInWords) {
  EXPECT_EQ(recipes_text({set_of("demo/1/cmake", 1)}, {missing("a")}, true, "recipes"),
            "1 recipe of 1 branch in recipes: 1 file written or removed\n");
  EXPECT_EQ(recipes_text({set_of("demo/1/cmake", 3), set_of("demo/2/cmake", 2)}, {}, true, "recipes"),
            "5 recipes of 2 branches in recipes: 0 files written or removed\n");
}

TEST(RecipesReport, ListsWhatDiffers) {
  EXPECT_EQ(recipes_text({set_of("demo/1/cmake", 1)}, {missing("a")}, false, "recipes"),
            "missing: a\n1 recipe of 1 branch in recipes: 1 file differs\n");
  EXPECT_EQ(recipes_text({set_of("demo/1/cmake", 1)}, {missing("a"), missing("b")}, false, "recipes"),
            "missing: a\nmissing: b\n1 recipe of 1 branch in recipes: 2 files differ\n");
}

TEST(RecipesReport, VariantsOfOneBranchAreOfOneBranch) {
  EXPECT_EQ(recipes_text({set_of("demo/1/cmake", 1), set_of("demo/1/cmake", 1)}, {}, true, "recipes"),
            "2 recipes of 1 branch in recipes: 0 files written or removed\n");
}

}  // namespace
}  // namespace ortforge

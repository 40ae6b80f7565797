// Components whose build tree setup.py makes, and those that are built on other products.
#include "support/small_matrix.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ortforge/recipe/recipe.hpp"

namespace ortforge {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::filesystem::path kTemplateFolder = std::filesystem::path(TEST_SOURCE_DIR) / "templates";

// small_matrix() with a core made by setup.py, for Python 3.13.
Matrix matrix_with_setup() {
  Matrix matrix = small_matrix();
  Branch& branch = demo_branch(matrix);
  branch.lines.at("cpu").python = "3.13";
  branch.variables = {{"USE_A", "1", ""},
                      {"USE_A", "0", "isa==avx2"},
                      {"USE_B", "@isa@", "accelerator==cuda"},
                      {"VERSION", "@version@", ""}};
  branch.options = {{"HAVE_X", "BOOL", "OFF", "", "", ""}, {"HAVE_Y", "PATH", "@src.demo@/$y", "", "", ""}};
  Component& core = branch.components[1];
  core.front_end = "setup.py";
  core.axes.emplace_back("python");
  core.commands = {
      {{"cmake", "-DARGUMENTS=build;--cmake-only", "-P", "recipe/front-end.cmake"}, {}, "", "", ""},
      {{"true"}, {{"USE_A", "2"}}, "", "", ""}};
  return matrix;
}

// The same built on a second product "base", which is like it.
Matrix matrix_on_base() {
  Matrix matrix = matrix_with_setup();
  Product base = matrix.products.at("demo");
  base.name = base.title = base.short_prefix = "base";
  base.branches.at("1").version = "7.0";
  matrix.products["base"] = base;
  Branch& branch = demo_branch(matrix);
  branch.required = {{"base", "1"}};
  branch.components[1].needs.emplace_back("base.core");
  branch.variables.push_back({"BASE", "@version.base@ @out.base.core@", ""});
  return matrix;
}

Result<Recipe> rendered(const Matrix& matrix) {
  return render_cmake_recipe(matrix, demo_variant(matrix), kTemplateFolder, {});
}

TEST(FrontEndRecipe, TakesSettingsFromVariables) {
  const auto recipe = rendered(matrix_with_setup());
  ASSERT_TRUE(recipe) << recipe.error().message;
  const RecipeStep& core = recipe->steps.at(1);
  using Variables = std::map<std::string, std::string>;
  EXPECT_EQ(core.commands.at(0).environment,
            (Variables{{"SOURCE_DATE_EPOCH", "315532800"}, {"USE_A", "0"}, {"VERSION", "1.2.3"}}));
  EXPECT_EQ(core.commands.at(1).environment.at("USE_A"), "2") << "what the command says stands";
  EXPECT_EQ(recipe->steps.at(0).commands.at(0).environment, (Variables{{"SOURCE_DATE_EPOCH", "315532800"}}));
  EXPECT_TRUE(core.features.empty()) << "it runs nothing that was compiled for the ISA";
}

TEST(FrontEndRecipe, HasAScriptInPlaceOfPresets) {
  const auto recipe = rendered(matrix_with_setup());
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_FALSE(recipe->files.contains("CMakePresets.json"));
  EXPECT_FALSE(recipe->files.contains("toolchain/core.cmake"));
  EXPECT_THAT(recipe->files.at("prepare.cmake"), Not(HasSubstr("ortforge_preset_stub(")));
  EXPECT_THAT(recipe->files.at("README.md"), Not(HasSubstr("presets")));
  const std::string& script = recipe->steps.at(1).files.at("front-end.cmake");
  EXPECT_THAT(script, HasSubstr("set(instruction_set \"-mavx2 -mfma\")"));
  EXPECT_THAT(script, HasSubstr("\"${root}/src/demo/.\""));
  EXPECT_THAT(script, HasSubstr("\"${root}/build/core\""));
  EXPECT_THAT(recipe->steps.at(1).files.at("options.cmake"),
              HasSubstr("set(HAVE_X \"OFF\" CACHE BOOL \"set by the recipe\" FORCE)\n"
                        "set(HAVE_Y \"${root}/src/demo/\\$y\" CACHE PATH \"set by the recipe\" FORCE)\n"));
}

TEST(FrontEndRecipe, FlagsOfTheBranchKeepTheirObjectsApart) {
  Matrix matrix = matrix_with_setup();
  demo_branch(matrix).isas["avx2"] = {{"-mavx2", "-mf16c"}, {"f16c"}};
  const auto recipe = rendered(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_THAT(recipe->steps.at(1).files.at("front-end.cmake"), HasSubstr("\"-mavx2 -mf16c\""));
  EXPECT_EQ(recipe->steps.at(1).cache_namespace, "avx2-demo");
}

TEST(FrontEndRecipe, ReadsTheResultItIsBuiltOn) {
  const Matrix matrix = matrix_on_base();
  const auto recipe = rendered(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  const RecipeStep& core = recipe->steps.at(1);
  EXPECT_EQ(core.needs, (std::vector<std::string>{"prepare", "base.core"}));
  EXPECT_EQ(core.commands.at(0).environment.at("BASE"), "7.0 out/base.core");
  EXPECT_EQ(core.features, (std::vector<std::string>{"avx2", "fma"}))
      << "it imports what was compiled for the ISA";
  EXPECT_THAT(core.files.at("front-end.cmake"),
              HasSubstr("list(APPEND packages \"${root}/out/base.core/lib/python3.13/site-packages\")"));
  EXPECT_EQ(
      recipe->required,
      (std::vector<RequiredResult>{{"base.core", "base", "1", "base-python313-cpu-avx2", "out/base.core"}}));
  const auto json = nlohmann::json::parse(recipe->files.at("recipe.json"));
  EXPECT_EQ(json.at("requires"), (nlohmann::json::array({{{"product", "base"},
                                                          {"branch", "1"},
                                                          {"variant", "base-python313-cpu-avx2"},
                                                          {"directory", "out/base.core"}}})));
  EXPECT_THAT(recipe->files.at("README.md"), HasSubstr("The result of `base-python313-cpu-avx2`"));
}

TEST(FrontEndRecipe, AProductWithoutTheOutputSaysSo) {
  Matrix matrix = matrix_with_setup();
  demo_branch(matrix).components[1].outputs = {"wheel"};
  RecipeOptions options;
  options.outputs = {"lib"};
  const auto recipe = render_cmake_recipe(matrix, demo_variant(matrix), kTemplateFolder, options);
  ASSERT_FALSE(recipe);
  EXPECT_EQ(recipe.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(recipe.error().message, "demo-python313-cpu-avx2: no component of branch 1 gives the output lib");
}

}  // namespace
}  // namespace ortforge

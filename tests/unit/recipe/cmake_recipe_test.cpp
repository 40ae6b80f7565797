#include "support/small_matrix.hpp"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ortforge/recipe/recipe.hpp"

namespace ortforge {
namespace {

const std::filesystem::path kTemplates = std::filesystem::path(TEST_SOURCE_DIR) / "templates";

Result<Recipe> render(const Matrix& matrix, const RecipeOptions& options = {}) {
  return render_cmake_recipe(matrix, demo_variant(matrix), kTemplates, options);
}

std::string message_of(const Matrix& matrix) {
  const auto recipe = render(matrix);
  return recipe ? "no error" : recipe.error().message;
}

TEST(CmakeRecipe, HasPresetsToolchainAndCommands) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).options = {{"DEMO_ISA", "STRING", "@isa@ \"quoted\"", ""},
                                 {"DEMO_GPU", "BOOL", "ON", "accelerator==cuda"}};
  const auto recipe = render(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  const auto presets = nlohmann::json::parse(recipe->files.at("CMakePresets.json"));
  const auto& variables = presets.at("configurePresets").at(0).at("cacheVariables");
  EXPECT_EQ(variables.at("DEMO_ISA").at("value"), "avx2 \"quoted\"");
  EXPECT_FALSE(variables.contains("DEMO_GPU"));
  EXPECT_EQ(presets.at("configurePresets").at(0).at("binaryDir"), "${fileDir}/../build/core");
  EXPECT_NE(recipe->files.at("toolchain/core.cmake").find("set(instruction_set \"-mavx2 -mfma\")"),
            std::string::npos);
  ASSERT_EQ(recipe->steps.size(), 2U);
  EXPECT_EQ(recipe->steps[1].scope, "demo-1.2.3-core-avx2");
  EXPECT_EQ(recipe->steps[1].siblings, "demo-1.2.3-core-*");
  EXPECT_EQ(recipe->steps[1].cache_namespace, "avx2");
  EXPECT_EQ(recipe->steps[0].cache_namespace, "") << "it compiles nothing";
  EXPECT_EQ(recipe->steps[1].commands[0].argv, (std::vector<std::string>{"cmake", "--preset", "core"}));
  EXPECT_EQ(recipe->steps[1].commands[0].directory, "src/demo");
  EXPECT_EQ(recipe->steps[0].sources, std::vector<std::string>{"demo"});
}

TEST(CmakeRecipe, BaselineComponentsGetThePlatformsFlags) {
  Matrix matrix = small_matrix();
  Component& core = demo_branch(matrix).components[1];
  core.baseline = true;
  core.axes = {"platform"};
  const auto recipe = render(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_NE(recipe->files.at("toolchain/core.cmake").find("\"-march=x86-64\""), std::string::npos);
  EXPECT_EQ(recipe->steps[1].scope, "demo-1.2.3-core-x86_64-linux");
  EXPECT_EQ(recipe->steps[1].cache_namespace, "x86_64-linux");
}

// small_matrix() with a component that goes on in the tree of core.
Matrix matrix_with_more() {
  Matrix matrix = small_matrix();
  Component more = demo_branch(matrix).components[1];
  more.name = "more";
  more.continues = "core";
  more.source_directory.clear();
  more.needs = {"prepare", "core"};
  more.outputs = {"wheel"};
  more.options = {{"DEMO_MORE", "BOOL", "ON", ""}};
  more.commands = {{{"cmake", "--build", "@build@"}, {}, "@source_directory@", "", ""}};
  demo_branch(matrix).components[1].options = {{"DEMO_CORE", "BOOL", "ON", ""}};
  demo_branch(matrix).components.push_back(more);
  demo_branch(matrix).lines.at("cpu").python = "3.13";
  return matrix;
}

Result<Recipe> render_with_python(const Matrix& matrix, const RecipeOptions& options = {}) {
  Variant variant = demo_variant(matrix);
  variant.python = "3.13";
  return render_cmake_recipe(matrix, variant, kTemplates, options);
}

TEST(CmakeRecipe, AComponentGoesOnInTheTreeOfAnother) {
  const auto recipe = render_with_python(matrix_with_more());
  ASSERT_TRUE(recipe) << recipe.error().message;
  const auto presets = nlohmann::json::parse(recipe->files.at("CMakePresets.json")).at("configurePresets");
  ASSERT_EQ(presets.size(), 2U);
  EXPECT_EQ(presets.at(1).at("name"), "more");
  EXPECT_EQ(presets.at(1).at("binaryDir"), presets.at(0).at("binaryDir"));
  EXPECT_EQ(presets.at(1).at("toolchainFile"), presets.at(0).at("toolchainFile"));
  EXPECT_EQ(presets.at(1).at("cacheVariables").at("DEMO_MORE").at("value"), "ON");
  auto variables = presets.at(1).at("cacheVariables");
  variables.erase("DEMO_MORE");
  EXPECT_EQ(variables, presets.at(0).at("cacheVariables")) << "the tree is configured as it was";
  ASSERT_EQ(recipe->steps.size(), 3U);
  EXPECT_EQ(recipe->steps[2].continues, "core");
  EXPECT_EQ(recipe->steps[2].output, "out/more");
  EXPECT_EQ(recipe->steps[2].commands[0].argv, (std::vector<std::string>{"cmake", "--build", "build/core"}));
  EXPECT_EQ(recipe->steps[2].commands[0].directory, "src/demo");
  EXPECT_TRUE(recipe->steps[2].files.contains("toolchain/core.cmake"));
}

TEST(CmakeRecipe, LeavesOutComponentsOfOutputsNobodyAskedFor) {
  RecipeOptions options;
  options.outputs = {"lib"};
  const auto recipe = render_with_python(matrix_with_more(), options);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->steps.size(), 2U);
}

TEST(CmakeRecipe, ALineMayBuildAComponentElsewhere) {
  Matrix matrix = matrix_with_more();
  demo_branch(matrix).lines.at("cpu").environments["more"] = "elsewhere";
  const auto recipe = render_with_python(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->steps[1].environment, "host");
  EXPECT_EQ(recipe->steps[2].environment, "elsewhere");
  const auto steps = nlohmann::json::parse(recipe->files.at("recipe.json")).at("steps");
  EXPECT_FALSE(steps.at(1).contains("environment"));
  EXPECT_EQ(steps.at(2).at("environment"), "elsewhere");
  RecipeOptions options;
  options.environment = "third";
  EXPECT_EQ(render_with_python(matrix, options)->steps[2].environment, "third");
}

TEST(CmakeRecipe, FeaturesThatALineLeavesOutAreOffInWhatItsToolkitBuilds) {
  Matrix matrix = small_matrix();
  Branch& branch = demo_branch(matrix);
  branch.lines.at("cpu").cuda = "13.0";
  branch.lines.at("cpu").features_off = {{"attention", "DEMO_ATTENTION"}};
  Variant variant = demo_variant(matrix);
  variant.cuda = "13.0";
  variant.sm = 90;
  const auto variables = [&] {
    const auto recipe = render_cmake_recipe(matrix, variant, kTemplates, {});
    return nlohmann::json::parse(recipe.value().files.at("CMakePresets.json"))
        .at("configurePresets")
        .at(0)
        .at("cacheVariables");
  };
  EXPECT_FALSE(variables().contains("DEMO_ATTENTION"));
  branch.components[1].axes.push_back("cuda");
  EXPECT_EQ(variables().at("DEMO_ATTENTION").at("value"), "OFF");
}

TEST(CmakeRecipe, AnInstalledToolkitTakesThePlaceOfWheelsAndOfTheEnvironmentsOwn) {
  Matrix matrix = small_matrix();
  Branch& branch = demo_branch(matrix);
  Line& line = branch.lines.at("cpu");
  line.cuda = "12.4";
  line.cuda_home = "/usr";
  line.toolkit_sources.resize(1);
  branch.components[1].axes.push_back("cuda");
  branch.components[1].options = {{"DEMO_CUDA", "PATH", "@cuda_home@", ""}};
  Variant variant = demo_variant(matrix);
  variant.cuda = "12.4";
  variant.sm = 90;
  const auto parts = [&](const RecipeOptions& options) {
    const Recipe recipe = render_cmake_recipe(matrix, variant, kTemplates, options).value();
    const auto presets = nlohmann::json::parse(recipe.files.at("CMakePresets.json"));
    const auto& variables = presets.at("configurePresets").at(0).at("cacheVariables");
    return std::pair(variables.at("DEMO_CUDA").at("value").get<std::string>(),
                     nlohmann::json::parse(recipe.files.at("recipe.json")).at("toolkit").size());
  };
  RecipeOptions options;
  EXPECT_EQ(parts(options), std::pair(std::string("/usr"), std::size_t{1}));
  options.installed_toolkit = true;
  EXPECT_EQ(parts(options), std::pair(std::string("${fileDir}/../toolkit"), std::size_t{0}));
}

TEST(CmakeRecipe, HeavyTargetsGetAPoolThatNoFileSizes) {
  Matrix matrix = small_matrix();
  Component& core = demo_branch(matrix).components[1];
  core.peak_bytes = 10;
  core.heavy = {{"gpu", "more"}, 40, ""};
  const auto recipe = render(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->steps[1].peak_bytes, 10U);
  EXPECT_EQ(recipe->steps[1].heavy_bytes, 40U);
  EXPECT_TRUE(recipe->steps[1].files.contains("heavy.cmake"));
  const auto presets = nlohmann::json::parse(recipe->files.at("CMakePresets.json"));
  const auto& variables = presets.at("configurePresets").at(0).at("cacheVariables");
  EXPECT_EQ(variables.at("ORTFORGE_HEAVY_TARGETS"), "gpu;more");
  EXPECT_EQ(variables.at("CMAKE_PROJECT_INCLUDE_BEFORE").at("value"), "${fileDir}/heavy.cmake");
}

TEST(CmakeRecipe, AComponentThatGoesOnInATreeHasItsPoolToo) {
  Matrix matrix = matrix_with_more();
  demo_branch(matrix).components[1].heavy = {{"gpu"}, 40, ""};
  const auto recipe = render_with_python(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->steps[2].heavy_bytes, 40U) << "it compiles them again where the tree is not kept";
  EXPECT_TRUE(recipe->steps[2].files.contains("heavy.cmake"));
  demo_branch(matrix).components[2].heavy = {{"more"}, 50, ""};
  const Recipe both = render_with_python(matrix).value();
  EXPECT_EQ(both.steps[1].heavy_bytes, 40U);
  EXPECT_EQ(both.steps[2].heavy_bytes, 50U);
  const auto presets = nlohmann::json::parse(both.files.at("CMakePresets.json")).at("configurePresets");
  EXPECT_EQ(presets.at(0).at("cacheVariables").at("ORTFORGE_HEAVY_TARGETS"), "gpu");
  EXPECT_EQ(presets.at(1).at("cacheVariables").at("ORTFORGE_HEAVY_TARGETS"), "gpu;more");
}

TEST(CmakeRecipe, HeavyTargetsOfOtherVariantsLeaveNoTrace) {
  Matrix matrix = small_matrix();
  const Recipe without = render(matrix).value();
  demo_branch(matrix).components[1].heavy = {{"gpu"}, 40, "accelerator==cuda"};
  EXPECT_EQ(render(matrix).value(), without);
}

TEST(CmakeRecipe, KnowsOnlyWhatTheAxesAllow) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).components[1].axes = {"platform"};
  demo_branch(matrix).options = {{"DEMO_ISA", "STRING", "@isa@", ""}};
  EXPECT_TRUE(message_of(matrix).starts_with("demo 1: CMake option DEMO_ISA: unknown placeholder '@isa@'"))
      << message_of(matrix);
}

TEST(CmakeRecipe, TakesTemplatesFromAFolderOfTheirOwn) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).components[1].files = {"rust/*"};
  const auto recipe = render(matrix);
  ASSERT_TRUE(recipe) << recipe.error().message;
  const std::string& manifest = recipe->files.at("rust/ort-wrapper/Cargo.toml");
  EXPECT_NE(manifest.find("\nversion = \"1.2.3\"\n"), std::string::npos) << manifest;
  EXPECT_NE(manifest.find("\"api-2\""), std::string::npos) << manifest;
  EXPECT_TRUE(recipe->files.contains("rust/ort-wrapper/src/lib.rs"));
}

TEST(CmakeRecipe, NamesThePlaceOfWhatItCannotRender) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).components[1].files = {"absent/*"};
  EXPECT_EQ(message_of(matrix), "demo 1: files of component core: no template fits 'absent/*'");
  matrix = small_matrix();
  demo_branch(matrix).substitutions = {
      {Substitution::Kind::write_file, "demo", "a", "", "@nothing@", 0, "because", ""}};
  EXPECT_TRUE(message_of(matrix).starts_with("demo 1: substitutions[0]: unknown placeholder '@nothing@'"))
      << message_of(matrix);
  matrix = small_matrix();
  demo_branch(matrix).options = {{"X", "BOOL", "ON", "isaa==avx2"}};
  EXPECT_NE(message_of(matrix).find("CMake option X: "), std::string::npos) << message_of(matrix);
}

TEST(CmakeRecipe, RefusesInfeasibleVariantsWithRuleAndFact) {
  const Matrix matrix = small_matrix();
  Variant variant = demo_variant(matrix);
  variant.backends["cmake"] = {false, "toolkit-target", "nvcc 12.4 has no sm_100"};
  const auto recipe = render_cmake_recipe(matrix, variant, kTemplates, {});
  ASSERT_FALSE(recipe);
  EXPECT_EQ(recipe.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(recipe.error().message,
            "demo-cpu-avx2 is infeasible: nvcc 12.4 has no sm_100 (rule toolkit-target)");
}

TEST(CmakeRecipe, LeavesOutCommandsOfOutputsNobodyAskedFor) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).lines.at("cpu").python = "3.13";
  demo_branch(matrix).components[1].commands.push_back({{"make-wheel", "@outputs@"}, {}, "", "wheel", ""});
  EXPECT_EQ(render(matrix).value().steps[1].commands.at(1).argv[1], "lib;wheel");
  EXPECT_EQ(render(matrix, {{"lib"}, ""}).value().steps[1].commands.size(), 1U);
  demo_branch(matrix).lines.at("cpu").python.clear();
  EXPECT_EQ(render(matrix).value().steps[1].commands.size(), 1U) << "a line without Python has no wheel";
}

TEST(CmakeRecipe, OptionsMayDependOnTheOutputsAskedFor) {
  Matrix matrix = small_matrix();
  demo_branch(matrix).lines.at("cpu").python = "3.13";
  demo_branch(matrix).components[1].options = {{"DEMO_PYTHON", "BOOL", "ON", "", "wheel", ""},
                                               {"DEMO_NO_PYTHON", "BOOL", "ON", "", "", "wheel"}};
  const auto has = [&](const RecipeOptions& options, const char* name) {
    const auto recipe = render(matrix, options);
    return nlohmann::json::parse(recipe.value().files.at("CMakePresets.json"))
        .at("configurePresets")
        .at(0)
        .at("cacheVariables")
        .contains(name);
  };
  EXPECT_TRUE(has({}, "DEMO_PYTHON"));
  EXPECT_FALSE(has({}, "DEMO_NO_PYTHON"));
  EXPECT_FALSE(has({{"lib"}, ""}, "DEMO_PYTHON"));
  EXPECT_TRUE(has({{"lib"}, ""}, "DEMO_NO_PYTHON"));
}

}  // namespace
}  // namespace ortforge

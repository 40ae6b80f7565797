// Every Nix recipe of the shipped ONNX Runtime, evaluated by nix-instantiate as it is written; only the
// pinned nixpkgs is replaced, by a small package set with the same names of arguments
// (tests/data/nixpkgs-fixture).
#include <set>

#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/recipe/nix_recipe.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const fs::path kFixture = fs::path(TEST_SOURCE_DIR) / "tests" / "data" / "nixpkgs-fixture";

// What nix-instantiate prints, without anything of the user's own Nix.
Result<Captured> nix_instantiate(const fs::path& directory, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"nix-instantiate", "--eval", "--json", "--strict", "--store", "dummy://"});
  return run_captured({std::move(arguments),
                       {{"PATH", own_environment()["PATH"]},
                        {"HOME", directory.string()},
                        {"NIX_CONF_DIR", directory.string()}},
                       directory});
}

struct Evaluated {
  const Branch* branch = nullptr;
  Variant variant;
  Json package;
};

class NixEvaluation : public testing::Test {
 protected:
  // All recipes in one evaluation, once for all tests.
  static void SetUpTestSuite() {
    if (!has_program("nix-instantiate")) return;
    const Matrix& matrix = shipped_matrix();
    const auto templates = TemplateFolder::load(fs::path(TEST_SOURCE_DIR) / "templates");
    ASSERT_TRUE(templates);
    const TemporaryDirectory directory;
    Json list = Json::array();
    for (const auto& [name, branch] : matrix.products.at("onnxruntime").branches) {
      for (const Variant& variant : variants_of(matrix, matrix.products.at("onnxruntime"), branch)) {
        const auto backend = variant.backends.find("nix");
        if (backend == variant.backends.end() || !backend->second.feasible) continue;
        const auto recipe = render_nix_recipe(matrix, variant, *templates);
        ASSERT_TRUE(recipe) << recipe.error().message;
        const auto& [path, content] = *recipe->files.begin();
        const fs::path file = directory.path() / name / path;
        ASSERT_TRUE(write_file(file, content));
        list.push_back({{"file", file.string()}, {"system", variant.platform}});
        all_.push_back({&branch, variant, {}});
      }
    }
    ASSERT_TRUE(write_file(directory.path() / "list.json", list.dump()));
    const auto run = nix_instantiate(directory.path(), {(kFixture / "evaluate.nix").string(), "--argstr",
                                                        "list", (directory.path() / "list.json").string()});
    ASSERT_TRUE(run) << run.error().message;
    ASSERT_TRUE(run->outcome.success()) << run->output;
    // Nix's warnings stand in the same stream, before the one line of JSON.
    const std::string line = run->output.substr(run->output.rfind("\n[") + 1);
    const auto json = parse_json(line.substr(0, line.find('\n')), "nix-instantiate");
    ASSERT_TRUE(json) << json.error().message << run->output;
    ASSERT_EQ(json->size(), all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i].package = (*json)[i];
  }

  void SetUp() override {
    ORTFORGE_NEEDS(has_program("nix-instantiate"), "nix-instantiate");
    ASSERT_FALSE(all_.empty());
  }

  inline static std::vector<Evaluated> all_;
};

std::vector<std::string> flags_of(const Json& package, const std::string& start) {
  std::vector<std::string> found;
  for (const Json& flag : package["core"]["cmakeFlags"]) {
    const std::string text = flag.get<std::string>();
    if (text.starts_with(start)) found.push_back(text);
  }
  return found;
}

TEST_F(NixEvaluation, KnowsEveryFeasibleVariant) {
  EXPECT_EQ(all_.size(), 164U) << "3 x 36 and 2 x 28; ort-1.19 and ort-1.18 are broken with this pin";
}

TEST_F(NixEvaluation, GivesNamesVersionsAndPlatforms) {
  for (const auto& [branch, variant, package] : all_) {
    EXPECT_EQ(package["name"], variant.name + "-" + branch->version);
    EXPECT_EQ(package["pname"], variant.name);
    EXPECT_EQ(package["version"], branch->version) << variant.name;
    EXPECT_EQ(package["core"]["version"], branch->version) << variant.name;
    EXPECT_EQ(package["platforms"], Json::array({variant.platform})) << variant.name;
    EXPECT_THAT(package["description"].get<std::string>(), HasSubstr("ONNX Runtime " + branch->version));
  }
}

TEST_F(NixEvaluation, TakesTheSourceOfTheBranch) {
  for (const auto& [branch, variant, package] : all_) {
    const Source& source = branch->sources.at("onnxruntime");
    const Json& src = package["core"]["source"];
    EXPECT_EQ(src["hash"], source.digest.sri()) << variant.name;
    EXPECT_EQ(src["tag"], source.origins.front().revision) << variant.name;
    EXPECT_EQ(src["fetchSubmodules"], true) << variant.name;
    const bool own = branch->version == "1.23.2";
    EXPECT_EQ(package["core"]["patches"].size(), own ? 5U : 0U) << "patches of the package fit 1.23.2 only";
    const std::string edits = package["core"]["postPatch"].get<std::string>();
    EXPECT_EQ(edits.find("# of the package definition") != std::string::npos, own) << variant.name;
    EXPECT_EQ(edits.find("substituteInPlace cmake/libonnxruntime.pc.cmake.in") == std::string::npos, own);
  }
}

TEST_F(NixEvaluation, HasExactlyOneGpuTarget) {
  for (const auto& [branch, variant, package] : all_) {
    const std::vector<std::string> targets = flags_of(package, "-DCMAKE_CUDA_ARCHITECTURES");
    if (variant.is_cuda()) {
      EXPECT_THAT(targets, ElementsAre(fmt::format("-DCMAKE_CUDA_ARCHITECTURES:STRING={}", *variant.sm)));
      EXPECT_EQ(package["core"]["toolkit"], Json::array({variant.cuda})) << variant.name;
      EXPECT_EQ(package["core"]["features"], Json::array({"big-parallel"})) << variant.name;
    } else {
      EXPECT_TRUE(targets.empty()) << variant.name;
      EXPECT_TRUE(package["core"]["toolkit"].empty()) << variant.name;
    }
    EXPECT_THAT(
        flags_of(package, "-Donnxruntime_USE_CUDA:"),
        ElementsAre(fmt::format("-Donnxruntime_USE_CUDA:BOOL={}", variant.is_cuda() ? "TRUE" : "FALSE")));
    for (const char* option : {"FETCHCONTENT_SOURCE_DIR_ONNX", "FETCHCONTENT_SOURCE_DIR_ABSEIL_CPP",
                               "onnxruntime_BUILD_UNIT_TESTS", "onnxruntime_ENABLE_LTO"}) {
      EXPECT_EQ(flags_of(package, std::string("-D") + option + ":").size(), 1U)
          << variant.name << " " << option;
    }
  }
}

TEST_F(NixEvaluation, PutsTheFlagsOfTheInstructionSetFirst) {
  for (const auto& [branch, variant, package] : all_) {
    const std::string flags = join(shipped_matrix().hardware.isas.at(variant.isa).flags, " ");
    const std::string before = branch->version == "1.20.1" ? "-Wno-error " : "";
    const std::string exports = package["core"]["preConfigure"].get<std::string>();
    EXPECT_THAT(exports, HasSubstr("export CXXFLAGS=\"" + before + flags + "${CXXFLAGS:+ $CXXFLAGS}\""));
    EXPECT_THAT(exports, HasSubstr("export CFLAGS=\"" + flags + "${CFLAGS:+ $CFLAGS}\""));
  }
}

TEST_F(NixEvaluation, BuildsTheWheelForThePythonThatInstallsIt) {
  for (const auto& [branch, variant, package] : all_) {
    ASSERT_EQ(package["python"].size(), 1U) << variant.name;
    EXPECT_EQ(package["python"], package["core"]["python"]) << variant.name;
    EXPECT_THAT(package["python"][0].get<std::string>(), StartsWith(variant.python + "."));
  }
}

TEST_F(NixEvaluation, RunsNothingOfTheTargetOnTheBuildMachine) {
  for (const auto& [branch, variant, package] : all_) {
    EXPECT_EQ(package["core"]["doCheck"], false) << variant.name;
    EXPECT_EQ(package["importsChecked"], false) << variant.name;
    EXPECT_THAT(flags_of(package, "-Donnxruntime_BUILD_UNIT_TESTS"),
                Each("-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"));
  }
}

TEST_F(NixEvaluation, GivesEveryVariantItsOwnDerivation) {
  std::set<std::string> derivations;
  for (const auto& [branch, variant, package] : all_) {
    derivations.insert(branch->name + " " + package["drvPath"].get<std::string>());
  }
  EXPECT_EQ(derivations.size(), all_.size());
}

TEST_F(NixEvaluation, AFlakeHasAPackageForEveryVariant) {
  const Matrix& matrix = shipped_matrix();
  const Product& product = matrix.products.at("onnxruntime");
  const auto templates = TemplateFolder::load(fs::path(TEST_SOURCE_DIR) / "templates");
  ASSERT_TRUE(templates);
  const auto set = render_nix_branch(matrix, product, product.branches.at("ort-1.24"), *templates);
  ASSERT_TRUE(set) << set.error().message;
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_recipes({*set}, directory.path()));
  const std::string flake = (directory.path() / set->directory / "flake.nix").string();
  const auto names = nix_instantiate(
      directory.path(), {"--expr", "builtins.mapAttrs (system: builtins.attrNames) ((import " + flake +
                                       ").outputs { self = { }; }).packages"});
  ASSERT_TRUE(names && names->outcome.success()) << names->output;
  for (const Recipe& recipe : set->recipes)
    EXPECT_THAT(names->output, HasSubstr("\"" + recipe.variant + "\""));
}

// The fixture stops what nixpkgs would stop.
TEST_F(NixEvaluation, FindsWrongArgumentsAndAttributes) {
  const TemporaryDirectory directory;
  const auto error_of = [&](const std::string& expression) {
    const auto run = nix_instantiate(directory.path(), {"--expr", expression});
    return run && !run->outcome.success() ? run->output : std::string("no error");
  };
  const std::string packages = "import " + kFixture.string() + " { system = \"x86_64-linux\"; }";
  EXPECT_THAT(error_of("((" + packages + ").onnxruntime.override { cudaSuport = true; }).name"),
              HasSubstr("called with unexpected argument 'cudaSuport'"));
  EXPECT_THAT(error_of("(" + packages + ").cudaPackages_12_4.cudnn.name"), HasSubstr("has been removed"));
  EXPECT_THAT(error_of("((" + packages + ").onnxruntime.override { withFullProtobuf = true; }).drvPath"),
              HasSubstr("is marked as broken"));
  EXPECT_THAT(error_of("(" + packages + ").cudaPackages.cudnn.drvPath"), HasSubstr("unfree"));
}

}  // namespace
}  // namespace ortforge

#include "ortforge/matrix/import.hpp"

#include <functional>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/report/import.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What a recipe is made of; each test spoils a part.
struct Parts {
  std::string title = "# Tool 1.0 for GPUs";
  std::string hash = "sha256 = \"x\";";
  std::string revision = "abc";
  std::string toolkit = "cudaPackages = final.cudaPackages_13_0;";
  std::string target = "90";
  std::string flags = "\"-mavx2\"";
  std::string python = "python313Packages";
  std::string platforms = "[ \"x86_64-linux\" ]";
  std::string extra;
};

std::string recipe_text(const std::string& name, const Parts& parts) {
  const std::string gpu =
      parts.target.empty() ? ""
                           : fmt::format("cmakeFlags = [ \"-DCMAKE_CUDA_ARCHITECTURES={}\" ];", parts.target);
  return fmt::format(R"({}
let
  pinned = import (fetchTarball {{ url = "https://github.com/NixOS/nixpkgs/archive/{}.tar.gz"; {} }}) {{
    overlays = [ (final: prev: {{ {} }}) ];
  }};
  cpuFlags = [ {} ];
in
pinned.{}.tool.overrideAttrs (old: {{
  pname = "{}";
  {}
  {}
  meta.platforms = {};
}})
)",
                     parts.title, parts.revision, parts.hash, parts.toolkit, parts.flags, parts.python, name,
                     gpu, parts.extra, parts.platforms);
}

class Import : public testing::Test {
 protected:
  Import() : folder_(TemporaryMatrix::small()) {
    folder_.edit("tool.json", [](Json& json) {
      json["title"] = "Tool";
      json["branches"]["v1"]["backends"] = {"cmake", "nix"};
      json["branches"]["v1"]["pins"] = {
          {"nixpkgs",
           {{"url", "https://example.org/@revision@.tar.gz"}, {"revision", "abc"}, {"origin", "test"}}}};
      json["branches"]["v1"]["nix"] = {{"layers", {{"core", {{"attribute", "tool"}}}}}, {"origin", "test"}};
    });
    matrix_ = folder_.load().value();
    Parts arm;
    arm.flags = "\"-march=armv9-a\"";
    arm.platforms = "[ \"aarch64-linux\" ]";
    Parts cpu;
    cpu.toolkit = cpu.target = "";
    Parts cpu_arm = arm;
    cpu_arm.toolkit = cpu_arm.target = "";
    put("tool-python313-cuda13_0-sm90-avx2", {});
    put("tool-python313-cuda13_0-sm90-armv9", arm);
    put("tool-python313-cpu-avx2", cpu);
    put("tool-python313-cpu-armv9", cpu_arm);
  }

  fs::path pkgs() const { return tree_.path() / ".flox" / "pkgs"; }
  void put(const std::string& name, const Parts& parts) const {
    ASSERT_TRUE(write_file(pkgs() / (name + ".nix"), recipe_text(name, parts)));
  }
  // The GPU variant for AVX2 with a spoiled part.
  void spoil(const std::function<void(Parts&)>& change) const {
    Parts parts;
    change(parts);
    put("tool-python313-cuda13_0-sm90-avx2", parts);
  }

  ImportReport report() const {
    const RecipeTree tree = read_recipe_tree(tree_.path()).value();
    return compare_tree(matrix_, likeliest_branch(matrix_, tree).value(), tree);
  }
  // Findings as "kind: message", after the change.
  std::vector<std::string> spoiled(const std::function<void(Parts&)>& change) const {
    spoil(change);
    std::vector<std::string> lines;
    for (const ImportFinding& finding : report().findings) {
      lines.push_back(finding.kind + ": " + finding.message);
      EXPECT_THAT(finding.recipes, ElementsAre("tool-python313-cuda13_0-sm90-avx2"));
    }
    return lines;
  }

  TemporaryMatrix folder_;
  TemporaryDirectory tree_;
  Matrix matrix_;
};

TEST_F(Import, ATreeThatSaysWhatTheMatrixSays) {
  const ImportReport same = report();
  EXPECT_EQ(same.branch, "v1");
  EXPECT_TRUE(same.empty()) << import_text(same, read_recipe_tree(tree_.path()).value(), true);
  EXPECT_THAT(import_text(same, read_recipe_tree(tree_.path()).value(), false), HasSubstr("no difference\n"));
}

TEST_F(Import, HardwareThatIsNamedWrongly) {
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = "89"; }),
              ElementsAre("gpu: named after SM 90, compiled for 89 (GPU target 89)"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = "9.0"; }), IsEmpty());
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = "90-real"; }), IsEmpty());
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = "sm_90"; }),
              ElementsAre("gpu: the GPU target 'sm_90' is not in a notation of CMake or PyTorch"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = "90a"; }),
              ElementsAre("gpu: the GPU target '90a' is no compute capability"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.target = ""; }),
              ElementsAre("gpu: no GPU target can be told"));
}

TEST_F(Import, GpusThatAreCountedAmongAnotherSm) {
  folder_.edit("hardware.json", [](Json& json) {
    json["gpus"].push_back(
        {{"name", "GB10"}, {"architecture", "Blackwell"}, {"sm", 121}, {"origin", "test"}});
  });
  matrix_ = folder_.load().value();
  EXPECT_THAT(spoiled([](Parts& parts) { parts.title = "# Tool 1.0 for H100, GB10"; }),
              ElementsAre("gpu: GB10 is counted among SM 90; it has SM 121"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.title = "# Tool 1.0 for GB100"; }), IsEmpty());
}

TEST_F(Import, FlagsPlatformsAndNames) {
  EXPECT_THAT(spoiled([](Parts& parts) { parts.flags = "\"-mavx2\" \"-mf16c\""; }),
              ElementsAre("flags: avx2 has -mf16c too"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.flags = "\"-mavx\""; }),
              ElementsAre("flags: avx2 lacks -mavx2 and has -mavx too"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.flags = ""; }),
              ElementsAre("flags: no CPU flags of avx2 can be told"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.platforms = "[ \"x86_64-linux\" \"aarch64-linux\" ]"; }),
              ElementsAre("platforms: platforms [ x86_64-linux aarch64-linux ]; x86_64-linux is meant"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.platforms = "old.meta.platforms"; }),
              ElementsAre("platforms: the platforms are computed; x86_64-linux is meant"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.extra = "pname = \"other\";"; }),
              ElementsAre("name: the package calls itself other"));
}

TEST_F(Import, PinVersionPythonAndToolkit) {
  EXPECT_THAT(spoiled([](Parts& parts) { parts.hash = ""; }),
              ElementsAre("pin: nixpkgs is fetched without a hash"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.revision = "def"; }),
              ElementsAre("pin: nixpkgs at def; the matrix has abc"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.title = "# Tool 1.1 for GPUs"; }),
              ElementsAre("version: version 1.1; the matrix has 1.0"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.python = "python312Packages"; }),
              ElementsAre("python: Python 3.12; the name says 3.13"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.extra = "pythonSupport = true;"; }),
              ElementsAre("python: the core is built with the default Python of its packages, not 3.13: no "
                          "python3Packages is given"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.toolkit = "cudaPackages = final.cudaPackages_12_9;"; }),
              ElementsAre("toolkit: CUDA 12.9; the name says 13.0"));
  EXPECT_THAT(spoiled([](Parts& parts) { parts.toolkit = "cudaPackages = final.cudaPackages_13;"; }),
              IsEmpty());
  EXPECT_THAT(spoiled([](Parts& parts) { parts.toolkit = ""; }),
              ElementsAre("toolkit: takes the CUDA toolkit that is the default of its packages, not 13.0 by "
                          "name"));
}

TEST_F(Import, SourcesAtAnotherRevisionOrWithAnotherDigest) {
  folder_.edit("tool.json", [](Json& json) {
    json["branches"]["v1"]["sources"]["lib"] = {
        {"nar", std::string(64, '0')},
        {"origins", {{{"kind", "git"}, {"url", "https://github.com/example/lib"}, {"revision", "v2"}}}}};
  });
  matrix_ = folder_.load().value();
  const auto fetch = [](const std::string& tag, char digit) {
    return [tag, digit](Parts& parts) {
      parts.extra = fmt::format(
          R"(src = fetchFromGitHub {{ owner = "example"; repo = "lib"; tag = "{}"; hash = "sha256:{}"; }};)",
          tag, std::string(64, digit));
    };
  };
  EXPECT_THAT(spoiled(fetch("v2", '0')), IsEmpty());
  EXPECT_THAT(spoiled(fetch("v1", '0')), ElementsAre("source: lib at v1; the matrix has v2"));
  EXPECT_THAT(spoiled(fetch("v2", '1')),
              ElementsAre("source: lib with sha256:" + std::string(64, '1') +
                          "; the matrix has sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
}

TEST_F(Import, VariantsOfOneSideOnly) {
  fs::remove(pkgs() / "tool-python313-cuda13_0-sm90-armv9.nix");
  put("tool-python313-cuda13_0-sm89-avx2", {});
  ASSERT_TRUE(write_file(pkgs() / "notes" / "default.nix", "{ a = \"b"));
  ASSERT_TRUE(write_file(pkgs() / "readme.md", "not looked at"));
  const ImportReport differing = report();
  EXPECT_EQ(import_text(differing, read_recipe_tree(tree_.path()).value(), false, 0),
            fmt::format("5 recipes in {} and tool/v1\n"
                        "\n"
                        "only in the matrix\n"
                        "  cuda13_0 (Python 3.13): sm90 with armv9\n"
                        "\n"
                        "only in the tree\n"
                        "  notes\n"
                        "  tool-python313-cuda13_0-sm89-avx2\n"
                        "\n"
                        "recipes that say otherwise than the matrix\n"
                        "  unreadable: line 1: the string is not closed (1 recipe)\n"
                        "      notes\n",
                        pkgs().string()));
}

TEST_F(Import, WhatNixCannotBuildIsNotMissedAndSaidWhereItIsThere) {
  folder_.edit("tool.json", [](Json& json) {
    json["branches"]["v1"]["lines"]["cpu"]["backend_gaps"] = {{"nix", "made up"}};
  });
  matrix_ = folder_.load().value();
  fs::remove(pkgs() / "tool-python313-cpu-armv9.nix");
  const ImportReport differing = report();
  EXPECT_THAT(differing.only_in_matrix, IsEmpty());
  EXPECT_THAT(differing.findings,
              ElementsAre(ImportFinding{
                  "feasibility", "cannot be built with Nix: made up", {"tool-python313-cpu-avx2"}}));
}

TEST_F(Import, TheBranchIsTheOneWhoseVersionTheRecipesGive) {
  for (const char* name : {"tool-python313-cpu-avx2", "tool-python313-cpu-armv9"}) {
    Parts parts;
    parts.title = "# Tool 2.0";
    put(name, parts);
  }
  EXPECT_EQ(report().branch, "v1") << "as many of 1.0";
  spoil([](Parts& parts) { parts.title = "# Tool 2.0"; });
  EXPECT_EQ(report().branch, "v2");
}

TEST_F(Import, FoldersWithoutRecipes) {
  const auto refusal = [](const fs::path& directory) {
    const auto tree = read_recipe_tree(directory);
    return tree ? "" : tree.error().message;
  };
  fs::create_directories(tree_.path() / "empty");
  EXPECT_THAT(refusal(tree_.path() / "empty"),
              HasSubstr("expected between 1 and 10000 recipes (NAME.nix), found 0"));
  EXPECT_THAT(refusal(tree_.path() / "absent"), HasSubstr("absent: cannot be read: No such file"));
  ASSERT_TRUE(write_file(tree_.path() / "empty" / "a.nix", "{ a = 1; }"));
  const auto tree = read_recipe_tree(tree_.path() / "empty");
  ASSERT_TRUE(tree);
  EXPECT_THAT(likeliest_branch(matrix_, *tree).error().message,
              HasSubstr("no recipe has the name of a variant, such as a"));
}

}  // namespace
}  // namespace ortforge

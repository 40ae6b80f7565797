#include "ortforge/matrix/nix_recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

NixRecipe read(const std::string& text) {
  return read_nix_recipe(text).value();
}

std::string fault(const std::string& text) {
  const auto recipe = read_nix_recipe(text);
  return recipe ? "" : recipe.error().message;
}

// Two packages, one built on the other, from a collection that is fetched without a hash.
constexpr const char* kTwoLayers = R"nix(# Some Runtime 1.2.3 for GPUs of SM 90
# CUDA 12.9
{ pkgs ? import <nixpkgs> {} }:
let
  pinned = import (builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/0123abcd.tar.gz";
  }) {
    config = { allowUnfree = true; cudaSupport = true; };
    overlays = [ (final: prev: { cudaPackages = final.cudaPackages_12_9; }) ];
  };
  inherit (pinned) lib fetchFromGitHub;
  gpu = "90";
  cpuFlags = [ "-mavx2" /* and */ "-mfma" ]; # two of them
  variantName = "tool-python312-cuda12_9-sm90-avx2";
  toolVersion = "1.2.3";
  source = fetchFromGitHub {
    owner = "example";
    repo = "tool";
    tag = "v${toolVersion}";
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };
  core = (pinned.tool.override { pythonSupport = true; }).overrideAttrs (old: {
    src = source;
    postPatch = ''
      substituteInPlace a.pc --replace-fail '$'{prefix}/@LIB@ @LIB@
      echo "''${NOT_NIX} = ';' } \"" > '''quoted'''
    '';
    cmakeFlags = let
      kept = builtins.filter (f: let s = toString f; in !(lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" s)) old.cmakeFlags;
    in kept ++ [ (lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" gpu) ];
    preConfigure = (old.preConfigure or "") + ''
      export CXXFLAGS="-Wno-error ${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
    '';
  });
in
  (pinned.python312Packages.tool.override { tool = core; }).overrideAttrs (old: {
    pname = variantName;
    meta = old.meta // {
      description = "Some Runtime 1.2.3 (SM90)";
      platforms = [ "x86_64-linux" ];
    };
  })
)nix";

TEST(HandKeptRecipe, OfTwoLayers) {
  const NixRecipe recipe = read(kTwoLayers);
  EXPECT_THAT(recipe.head, StartsWith(" Some Runtime 1.2.3 for GPUs of SM 90\n CUDA 12.9\n"));
  EXPECT_EQ(recipe.name, "tool-python312-cuda12_9-sm90-avx2");
  EXPECT_EQ(recipe.description, "Some Runtime 1.2.3 (SM90)");
  EXPECT_THAT(recipe.gpu_targets, ElementsAre("90"));
  EXPECT_THAT(recipe.cpu_flags, ElementsAre(ElementsAre("-mavx2", "-mfma")));
  EXPECT_EQ(recipe.platforms, std::vector<std::string>{"x86_64-linux"});
  EXPECT_THAT(recipe.pins, ElementsAre(NixRecipe::Pin{"0123abcd", false}));
  EXPECT_THAT(recipe.cuda_toolkits, ElementsAre("12.9"));
  EXPECT_TRUE(recipe.cuda_support);
  EXPECT_EQ(recipe.pythons, std::set<std::string>{"3.12"});
  EXPECT_TRUE(recipe.builds_core_python);
  EXPECT_FALSE(recipe.core_python);
  EXPECT_THAT(recipe.fetches,
              ElementsAre(NixRecipe::Fetch{"https://github.com/example/tool", "v1.2.3",
                                           "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}));
}

TEST(HandKeptRecipe, OfOneLayerWithDottedTargets) {
  const NixRecipe recipe = read(R"nix(
{ python3Packages, lib, ... }@args:
with lib;
let target = "8.6"; in
(python3Packages.torch.override {
  cudaSupport = true;
  gpuTargets = [ target "8.9" ];
}).overrideAttrs (old: rec {
  version = "2.0.0";
  pname = "torch-${version}";
  preConfigure = ''
    export CXXFLAGS="$CXXFLAGS -mavx -mno-fma"
    export TORCH_CUDA_ARCH_LIST="8.6;9.0+PTX"
  '';
  meta.platforms = old.meta.platforms or [ "x86_64-linux" ];
})
)nix");
  EXPECT_EQ(recipe.name, "torch-2.0.0");
  EXPECT_THAT(recipe.gpu_targets, ElementsAre("8.6", "8.9", "9.0+PTX"));
  EXPECT_THAT(recipe.cpu_flags, ElementsAre(ElementsAre("-mavx", "-mno-fma")));
  EXPECT_TRUE(recipe.says_platforms);
  EXPECT_FALSE(recipe.platforms);
  EXPECT_THAT(recipe.pins, IsEmpty());
  EXPECT_THAT(recipe.cuda_toolkits, IsEmpty());
}

TEST(HandKeptRecipe, PinsInOtherForms) {
  EXPECT_THAT(read(R"({ a = fetchTarball { url = "https://example.org/NixOS/nixpkgs/archive/abc.tar.gz";
                            sha256 = "x"; }; })")
                  .pins,
              ElementsAre(NixRecipe::Pin{"abc", true}));
  EXPECT_THAT(read(R"({ a = fetchTarball "https://github.com/NixOS/nixpkgs/archive/abc.tar.gz"; })").pins,
              ElementsAre(NixRecipe::Pin{"abc", false}));
  EXPECT_THAT(read(R"({ a = fetchFromGitHub { owner = "NixOS"; repo = "nixpkgs"; rev = "abc"; }; })").pins,
              ElementsAre(NixRecipe::Pin{"abc", false}));
}

TEST(HandKeptRecipe, NamesAreThoseThatCanBeSeen) {
  EXPECT_EQ(read(R"(let n = "outer"; in { a = let n = "inner"; in n; pname = n; })").name, "outer");
  EXPECT_EQ(read(R"({ n = "no let"; pname = n; })").name, "");
  EXPECT_EQ(read(R"(rec { n = "seen"; pname = n; })").name, "seen");
  EXPECT_EQ(read(R"({ pname = "a-${old.version}"; })").name, "") << "computed";
  EXPECT_THAT(read(R"({ f = [ "-DCMAKE_CUDA_ARCHITECTURES=${gpu}" ]; })").gpu_targets, IsEmpty());
  EXPECT_EQ(read(R"(let n = n; in { pname = n; })").name, "") << "a circle";
  EXPECT_EQ(read(R"(let a = b; b = a; in { pname = a; })").name, "");
  EXPECT_EQ(read(R"(let f = [ "-mfma" ]; cpuFlags = [ "-mavx2" ] ++ f; in cpuFlags)").cpu_flags,
            (std::vector<std::vector<std::string>>{{"-mavx2", "-mfma"}}));
}

TEST(HandKeptRecipe, AStringThatGrowsWithEachNameEnds) {
  std::string text = "let a0 = \"x\";\n";
  for (int i = 1; i < 15; ++i) {
    text += fmt::format("a{} = \"", i);
    for (int times = 0; times < 20; ++times) text += fmt::format("${{a{}}}", i - 1);
    text += "\";\n";
  }
  EXPECT_TRUE(read_nix_recipe(text + "in { pname = a14; }"));
}

TEST(HandKeptRecipe, WhatIsNoNixIsAnErrorWithItsLine) {
  EXPECT_EQ(fault(""), "line 1: assigns nothing");
  EXPECT_EQ(fault("{\n  a = \"b;\n}\n"), "line 2: the string is not closed");
  EXPECT_EQ(fault("{ a = ''b; }"), "line 1: the string is not closed");
  EXPECT_EQ(fault("{ a = \"${b\"; }"), "line 1: the string is not closed");
  EXPECT_EQ(fault("\n/* a"), "line 2: the comment is not closed");
  EXPECT_EQ(fault("{ a = [ 1; }"), "line 1: '}' does not close the '[' of line 1");
  EXPECT_EQ(fault("{\n a = 1;"), "line 1: '{' is not closed");
  EXPECT_EQ(fault("a = 1; }"), "line 1: '}' closes nothing");
  EXPECT_EQ(fault(std::string(300, '[')), "line 1: brackets are nested too deeply");
  EXPECT_EQ(fault(std::string(kNixRecipeLimit + 1, ' ')),
            "line 1: longer than 256.0 KiB, which no recipe is");
}

TEST(HandKeptRecipe, WhatIsMissingAtTheEndIsForgiven) {
  EXPECT_EQ(read("{ pname = \"a\" }").name, "a");
  EXPECT_EQ(read("let n = \"a\" in { pname = n; }").name, "a");
  EXPECT_EQ(read("{ ; inherit (x) y; pname = \"a\"; in }").name, "a");
}

}  // namespace
}  // namespace ortforge

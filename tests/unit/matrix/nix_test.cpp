// The member `nix` of branches and lines.
#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

#include "ortforge/matrix/check.hpp"

namespace ortforge {
namespace {

const char* const kNix = R"({
  "origin": "test",
  "config": [{"name": "allowUnfree", "value": true}],
  "overlays": [
    {
      "attribute": "cudaPackages", "by": "cudaPackages_@cuda_part@", "why": "one CUDA",
      "when": "accelerator==cuda"
    }
  ],
  "layers": {
    "core": {
      "attribute": "tool",
      "arguments": [
        {"name": "targets", "value": ["@sm@"]}, {"name": "python", "value": {"attribute": "python313"}}
      ],
      "source": "tool",
      "keep_patches": false,
      "patches": [
        {
          "url": "https://example.org/a.patch",
          "sha256": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
          "why": "x"
        }
      ],
      "edits": "append",
      "cmake": ["TOOL_DIR"],
      "flags": [{"variable": "CFLAGS", "before": ["-O1"]}],
      "environment": [{"name": "BLAS", "value": "OpenBLAS"}],
      "scripts": [{"phase": "preBuild", "lines": ["true"], "why": "y"}],
      "attributes": [{"name": "doCheck", "value": false}],
      "features": [{"name": "big-parallel"}]
    },
    "wheel": {
      "attribute": "python313Packages.tool", "arguments": [{"name": "tool", "value": {"layer": "core"}}]
    }
  }
})";

const char* const kPin =
    R"({"nixpkgs": {"url": "https://example.org/@revision@", "revision": "1", "origin": "test"}})";

// The small matrix with this as `nix` of branch v1.
TemporaryMatrix with_nix(const std::function<void(Json&)>& change) {
  TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.edit("tool.json", [&](Json& tool) {
    Json& branch = tool["branches"]["v1"];
    branch["backends"] = {"cmake", "nix"};
    branch["pins"] = Json::parse(kPin);
    branch["nix"] = Json::parse(kNix);
    change(branch);
  });
  return matrix;
}

std::string error_with(const std::function<void(Json&)>& change) {
  return with_nix(change).load_error();
}

TEST(NixFacts, AreReadIntoTypes) {
  const auto matrix = with_nix([](Json&) {}).load();
  ASSERT_TRUE(matrix) << matrix.error().message;
  const NixFacts& nix = matrix->products.at("tool").branches.at("v1").nix;
  EXPECT_EQ(nix.pin, "nixpkgs");
  EXPECT_TRUE(nix.config.at(0).value.boolean);
  EXPECT_EQ(nix.overlays.at(0).by, "cudaPackages_@cuda_part@");
  ASSERT_EQ(nix.layers.size(), 2U);
  const NixLayer& core = nix.layers[0];
  EXPECT_EQ(core.name, "core");
  EXPECT_EQ(core.arguments.at(0).value.list, std::vector<std::string>{"@sm@"});
  EXPECT_EQ(core.arguments.at(1).value.kind, NixValue::Kind::attribute);
  EXPECT_EQ(core.source, "tool");
  EXPECT_FALSE(core.keep_patches);
  EXPECT_EQ(core.patches.at(0).url, "https://example.org/a.patch");
  EXPECT_EQ(core.edits, NixEdits::append);
  EXPECT_EQ(core.flags.at(0).before, std::vector<std::string>{"-O1"});
  EXPECT_EQ(core.environment.at(0).value.text, "OpenBLAS");
  EXPECT_EQ(core.scripts.at(0).phase, "preBuild");
  EXPECT_EQ(core.features.at(0).word, "big-parallel");
  EXPECT_EQ(nix.layers[1].arguments.at(0).value.text, "core");
}

TEST(NixFacts, AreInheritedMemberByMember) {
  const TemporaryMatrix files = with_nix([](Json&) {});
  files.edit("tool.json", [](Json& tool) {
    tool["branches"]["v2"]["nix"] = Json::parse(R"({"layers": {"core": {"cmake": [], "edits": null}}})");
  });
  const auto matrix = files.load();
  ASSERT_TRUE(matrix) << matrix.error().message;
  const NixLayer& core = matrix->products.at("tool").branches.at("v2").nix.layers.at(0);
  EXPECT_TRUE(core.cmake.empty());
  EXPECT_EQ(core.edits, NixEdits::keep);
  EXPECT_EQ(core.source, "tool");
}

TEST(NixFacts, FitTheSchema) {
  const TemporaryMatrix matrix = with_nix([](Json&) {});
  const auto findings = check_matrix(matrix.path());
  ASSERT_TRUE(findings);
  for (const Finding& finding : *findings) EXPECT_EQ(finding.severity, Severity::note) << describe(finding);
}

TEST(NixFacts, FaultsNameTheirPlace) {
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["layers"]["core"]["edits"] = "replac"; }),
            "tool.json: $.branches.v1.nix.layers.core.edits: unknown 'replac'; known: keep, append, replace "
            "(did you mean 'replace'?)");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["config"][0]["value"] = 3; }),
            "tool.json: $.branches.v1.nix.config[0].value: expected true, false, a text, a list of texts, "
            "{\"attribute\": ...} or {\"layer\": ...}");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["layers"]["core"]["environment"][0]["value"] = true; }),
            "tool.json: $.branches.v1.nix.layers.core.environment[0].value: the value of an environment "
            "variable is a text");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["overlays"][0].erase("by"); }),
            "tool.json: $.branches.v1.nix.overlays[0]: an overlay has either 'by', the attribute taken "
            "instead, or 'patches'");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["layers"] = Json::object(); }),
            "tool.json: $.branches.v1.nix.layers: names no package");
}

TEST(NixFacts, NamesMustExist) {
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["layers"]["core"]["source"] = "tol"; }),
            "tool.json: $.branches.v1.nix.layers.core.source: this branch has no source 'tol' (did you mean "
            "'tool'?)");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["layers"]["core"]["cmake"] = {"TOOL_DIX"}; }),
            "tool.json: $.branches.v1.nix.layers.core.cmake[0]: 'cmake' of this branch has no option "
            "'TOOL_DIX' (did you mean 'TOOL_DIR'?)");
  EXPECT_EQ(
      error_with([](Json& v1) { v1["nix"]["layers"]["wheel"]["arguments"][0]["value"]["layer"] = "wheel"; }),
      "tool.json: $.branches.v1.nix.layers.wheel.arguments[0].value.layer: there is no layer 'wheel' "
      "before this one");
  EXPECT_EQ(error_with([](Json& v1) { v1["nix"]["pin"] = "nixpkg"; }),
            "tool.json: $.branches.v1.nix.pin: this branch has no pin 'nixpkg' (did you mean 'nixpkgs'?)");
  EXPECT_EQ(error_with([](Json& v1) { v1["pins"]["nixpkgs"].erase("url"); }),
            "tool.json: $.branches.v1.nix.pin: the pin 'nixpkgs' has no 'url' to fetch it from");
  EXPECT_EQ(error_with([](Json& v1) { v1["lines"]["cpu"]["nix"]["pin"] = "older"; }),
            "tool.json: $.branches.v1.lines.cpu.nix.pin: this branch has no pin 'older'");
  EXPECT_EQ(
      error_with([](Json& v1) { v1["pins"]["nixpkgs"]["digest"] = "sha256-x"; }),
      "tool.json: $.branches.v1.pins.nixpkgs.digest: 'sha256-x' is no SHA-256 digest: expected 'sha256-' "
      "and 44 base64 characters, or 64 hexadecimal digits");
}

TEST(NixFacts, ALayerMayBeLikeAnotherBranchs) {
  const auto like = [](const char* name) {
    return [name](Json& v1) {
      Json layers = {{"base", {{"like", name}}}};
      for (const auto& [key, layer] : v1["nix"]["layers"].items()) layers[key] = layer;
      v1["nix"]["layers"] = layers;
    };
  };
  EXPECT_EQ(error_with(like("tool/v1:core")), "");
  EXPECT_EQ(error_with(like("tool/v3:core")),
            "tool.json: $.branches.v1.nix.layers.base.like: 'tool/v3:core' is no layer: tool has no branch "
            "'v3' (did you mean 'v1' or 'v2'?)");
  EXPECT_EQ(
      error_with(like("tool")),
      "tool.json: $.branches.v1.nix.layers.base.like: 'tool' is no layer: expected PRODUCT/BRANCH:LAYER");
}

TEST(NixFacts, WithoutThemNixBuildsNothing) {
  const auto matrix = with_nix([](Json& v1) { v1.erase("nix"); }).load();
  ASSERT_TRUE(matrix) << matrix.error().message;
  for (const Variant& variant : all_variants(*matrix)) {
    if (variant.sm == 121) continue;
    EXPECT_EQ(variant.backends.at("nix").rule, "nix-layers") << variant.name;
  }
}

}  // namespace
}  // namespace ortforge

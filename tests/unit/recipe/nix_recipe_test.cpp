#include "ortforge/recipe/nix_recipe.hpp"

#include "support/nix_matrix.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const TemplateFolder& templates() {
  static const TemplateFolder folder = TemplateFolder::load(fs::path(TEST_SOURCE_DIR) / "templates").value();
  return folder;
}

Result<std::string> rendered_nix(const Matrix& matrix) {
  const Variant variant = demo_variant(matrix);
  ORTFORGE_TRY(const Recipe recipe, render_nix_recipe(matrix, variant, templates()));
  return recipe.files.at(".flox/pkgs/demo-cpu-avx2.nix");
}

NixLayer& tool(Matrix& matrix) {
  return demo_branch(matrix).nix.layers.front();
}

NixSetting setting(const char* name, NixValue value, const char* when = "") {
  NixSetting made;
  made.name = name;
  made.value = std::move(value);
  made.when = when;
  return made;
}

NixValue text(const char* content) {
  NixValue value;
  value.kind = NixValue::Kind::text;
  value.text = content;
  return value;
}

TEST(NixRecipe, IsOneExpression) {
  EXPECT_EQ(rendered_nix(nix_matrix()).value(), R"(# demo 1.2.3: demo-cpu-avx2
# GPU: none needed; CPU only
# CPU: AVX2, x86_64-linux
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: 0123abcd
  nixpkgs ? builtins.fetchTarball {
    url = "https://example.org/0123abcd.tar.gz";
    sha256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  },
}:
let
  pkgs = import nixpkgs {
    inherit system;
    config = {
    };
    overlays = [
    ];
  };

  # The flags of a package without those that set one of these options.
  without =
    names:
    builtins.filter (
      flag: !(builtins.any (name: builtins.match "-D${name}(:[A-Z]+)?=.*" flag != null) names)
    );

  tool =
    (pkgs.demo.tool).overrideAttrs
      (old: {
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CFLAGS=\"-mavx2 -mfma\${CFLAGS:+ $CFLAGS}\""
        ];
        pname = "demo-cpu-avx2";
        name = "demo-cpu-avx2-1.2.3";
        meta = (old.meta or { }) // {
          description = "demo 1.2.3 for CPUs with AVX2";
          platforms = [ "x86_64-linux" ];
        };
      });

in
tool
)");
}

TEST(NixRecipe, SetsOptionsOfTheBranchInsteadOfThePackages) {
  Matrix matrix = nix_matrix();
  Branch& branch = demo_branch(matrix);
  Source source = branch.sources.at("demo");
  source.name = "zlib";
  source.digest_kind = Source::DigestKind::nar;
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::git;
  origin.url = "https://github.com/madler/zlib.git";
  origin.revision = "v1.3";
  origin.submodules = true;
  source.origins = {origin};
  branch.sources["zlib"] = source;
  branch.options = {{"WITH_GPU", "BOOL", "OFF", "accelerator==cpu", "", ""},
                    {"WITH_GPU", "BOOL", "ON", "accelerator==cuda", "", ""},
                    {"ZLIB", "PATH", "@src.zlib@/src", "", "", ""}};
  tool(matrix).cmake = {"WITH_GPU", "ZLIB"};
  const std::string recipe = rendered_nix(matrix).value();
  EXPECT_THAT(recipe, HasSubstr("          without [\n            \"WITH_GPU\"\n            \"ZLIB\"\n"
                                "          ] (old.cmakeFlags or [ ])\n          ++ [\n"
                                "            \"-DWITH_GPU:BOOL=FALSE\"\n"
                                "            \"-DZLIB:STRING=${sources.zlib}/src\"\n          ];\n"));
  EXPECT_THAT(recipe, HasSubstr("    zlib = pkgs.fetchFromGitHub {\n      owner = \"madler\";\n"
                                "      repo = \"zlib\";\n      tag = \"v1.3\";\n"
                                "      fetchSubmodules = true;\n      hash = \"sha256-AAAA"));
}

TEST(NixRecipe, WritesSubstitutionsAsShellThatFailsWhereTheyDoNotFit) {
  Matrix matrix = nix_matrix();
  Branch& branch = demo_branch(matrix);
  SourceOrigin origin;
  origin.url = "https://example.org/demo.tar.gz";
  branch.sources.at("demo").origins = {origin};
  using Kind = Substitution::Kind;
  branch.substitutions = {
      {Kind::replace, "demo", "a.cmake", "${prefix}/@X", "it's \"@out@\"", 0, "two\nlines", ""},
      {Kind::write_file, "demo", "dir/b c", "", "one\\\n", 0, "why", ""},
      {Kind::delete_lines, "demo", "d", "a.b/c", "", 2, "why", ""},
      {Kind::delete_file, "demo", "e", "", "", 0, "why", "backend==nix"},
      {Kind::delete_file, "demo", "f", "", "", 0, "why", "backend==cmake"},
  };
  tool(matrix).source = "demo";
  tool(matrix).edits = NixEdits::replace;
  tool(matrix).keep_patches = false;
  EXPECT_THAT(rendered_nix(matrix).value(), HasSubstr(R"(        version = "1.2.3";
        src = sources.demo;
        patches = [
        ];
        postPatch = builtins.concatStringsSep "\n" [
          # two
          # lines
          "substituteInPlace a.cmake --replace-fail '\${prefix}/@X' 'it'\\''s \"${placeholder "out"}\"'"
          # why
          "mkdir -p dir && printf %s 'one\\\n' > 'dir/b c'"
          # why
          "grep -qF -e a.b/c d || exit 1; sed -i -e '/a\\.b\\/c/,+2d' d"
          # why
          "rm e"
        ];
)"));
}

TEST(NixRecipe, GivesArgumentsAttributesAndFeatures) {
  Matrix matrix = nix_matrix();
  NixLayer& layer = tool(matrix);
  NixValue on;
  on.boolean = true;
  NixValue list;
  list.kind = NixValue::Kind::list;
  list.list = {"@isa@", "a\"b"};
  NixValue attribute;
  attribute.kind = NixValue::Kind::attribute;
  attribute.text = "sets.@isa@";
  layer.arguments = {setting("gpu", {}), setting("gpu", on), setting("cuda", on, "accelerator==cuda"),
                     setting("targets", list), setting("set", attribute)};
  layer.attributes = {setting("doCheck", {})};
  layer.environment = {setting("BLAS", text("Open BLAS"))};
  layer.features = {{"big-parallel", ""}, {"kvm", "accelerator==cuda"}};
  layer.scripts = {{"preBuild", {"ln -s @pkgs.gcc.cc@/x $HOME"}, "for x", ""}};
  const std::string recipe = rendered_nix(matrix).value();
  EXPECT_THAT(recipe, HasSubstr(R"(    (pkgs.demo.tool.override {
      gpu = true;
      targets = [ "avx2" "a\"b" ];
      set = pkgs.sets.avx2;
    }).overrideAttrs
)"));
  EXPECT_THAT(recipe, HasSubstr(R"(          "export BLAS='Open BLAS'"
        ];
        preBuild = builtins.concatStringsSep "\n" [
          (old.preBuild or "")
          # for x
          "ln -s ${pkgs.gcc.cc}/x $HOME"
        ];
        doCheck = false;
        requiredSystemFeatures = [ "big-parallel" ];
)"));
}

TEST(NixRecipe, ChangesThePackageSet) {
  Matrix matrix = nix_matrix();
  NixOverlay alias;
  alias.attribute = "blas";
  alias.by = "blas_@isa@";
  alias.why = "one BLAS";
  NixOverlay patched;
  patched.attribute = "magma";
  patched.why = "it lacks x";
  patched.patches = {{"https://example.org/p.patch", "sha256-x", "why", ""}};
  demo_branch(matrix).nix.overlays = {alias, patched};
  NixValue on;
  on.boolean = true;
  demo_branch(matrix).nix.config = {setting("allowUnfree", on)};
  EXPECT_THAT(rendered_nix(matrix).value(), HasSubstr(R"(    config = {
      allowUnfree = true;
    };
    overlays = [
      # one BLAS
      (final: prev: {
        blas = final.blas_avx2;
      })
      # it lacks x
      (final: prev: {
        magma = prev.magma.overrideAttrs (old: { patches = (old.patches or [ ]) ++ [)"));
}

TEST(NixRecipe, SaysThatAHashIsMissing) {
  Matrix matrix = nix_matrix();
  demo_branch(matrix).pins.at("nixpkgs").digest.clear();
  EXPECT_THAT(
      rendered_nix(matrix).value(),
      HasSubstr("    sha256 = throw \"the hash of nixpkgs 0123abcd is not on record: run 'ortforge lock' "
                "where the network is\";\n"));
}

TEST(NixRecipe, TakesThePinOfItsLine) {
  Matrix matrix = nix_matrix();
  Branch& branch = demo_branch(matrix);
  branch.pins["older"] = branch.pins.at("nixpkgs");
  branch.pins.at("older").revision = "9999";
  branch.lines.at("cpu").nix_pin = "older";
  EXPECT_THAT(rendered_nix(matrix).value(), HasSubstr("https://example.org/9999.tar.gz"));
}

TEST(NixRecipe, BuildsOnALayerOfAnotherProduct) {
  Matrix matrix = nix_matrix();
  Product other = matrix.products.at("demo");
  other.name = "base";
  Branch& base = other.branches.at("1");
  base.version = "7";
  base.nix.layers.front().source = "demo";
  SourceOrigin origin;
  origin.url = "https://example.org/base.tar.gz";
  base.sources.at("demo").origins = {origin};
  matrix.products["base"] = other;
  NixLayer first;
  first.name = "base";
  first.like = "base/1:tool";
  NixValue layer;
  layer.kind = NixValue::Kind::layer;
  layer.text = "base";
  tool(matrix).arguments = {setting("base", layer)};
  auto& layers = demo_branch(matrix).nix.layers;
  layers.insert(layers.begin(), first);
  const std::string recipe = rendered_nix(matrix).value();
  EXPECT_THAT(recipe, HasSubstr("  base =\n    (pkgs.demo.tool).overrideAttrs\n      (old: {\n"
                                "        version = \"7\";\n        src = sources.base_demo;\n"));
  EXPECT_THAT(recipe,
              HasSubstr("    (pkgs.demo.tool.override {\n      base = base;\n    }).overrideAttrs\n"));
  EXPECT_THAT(recipe,
              HasSubstr("    base_demo = pkgs.fetchzip {\n      url = \"https://example.org/base.tar.gz\";\n"
                        "      hash = throw \"the digest of the source demo is not known: "));
}

TEST(NixRecipe, RefusesWhatItCannotWrite) {
  Matrix matrix = nix_matrix();
  tool(matrix).attribute = "demo.@isb@";
  EXPECT_THAT(rendered_nix(matrix).error().message,
              HasSubstr("demo 1: nix layer tool: unknown placeholder '@isb@' (did you mean 'isa'"));
  tool(matrix).attribute = "demo; rec";
  EXPECT_EQ(rendered_nix(matrix).error().message,
            "demo 1: nix layer tool: 'demo; rec' is no attribute path of Nix");
  tool(matrix) = nix_matrix().products.at("demo").branches.at("1").nix.layers.front();
  tool(matrix).name = "let";
  EXPECT_EQ(rendered_nix(matrix).error().message, "demo 1: nix layer let: 'let' is no name in Nix");
  tool(matrix).name = "tool";
  tool(matrix).source = "demo";
  EXPECT_EQ(rendered_nix(matrix).error().message,
            "demo 1: Nix can fetch no origin of the source demo: expected git or archive");
  Variant variant = demo_variant(matrix);
  variant.backends["nix"] = {false, "pin-toolkit", "no CUDA 12.4"};
  EXPECT_EQ(render_nix_recipe(matrix, variant, templates()).error().message,
            "demo-cpu-avx2 is infeasible with Nix: no CUDA 12.4 (rule pin-toolkit)");
}

TEST(NixRecipe, ABranchHasPackagesAndAGuide) {
  Matrix matrix = nix_matrix();
  const Product& product = matrix.products.at("demo");
  const auto set = render_nix_branch(matrix, product, product.branches.at("1"), templates());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->directory, "demo/1/nix");
  std::vector<std::string> paths;
  for (const auto& [path, content] : files_in({*set})) paths.push_back(path);
  EXPECT_THAT(paths, ElementsAre("demo/1/nix/.flox/env.json", "demo/1/nix/.flox/env/manifest.toml",
                                 "demo/1/nix/.flox/pkgs/demo-cpu-avx2.nix", "demo/1/nix/README.md",
                                 "demo/1/nix/flake.nix"));
  EXPECT_EQ(set->files.at(".flox/env.json"), "{\n  \"name\": \"demo-1\",\n  \"version\": 1\n}\n");
  EXPECT_THAT(set->files.at(".flox/env/manifest.toml"), HasSubstr("systems = [\"x86_64-linux\"]\n"));
  EXPECT_THAT(set->files.at("flake.nix"),
              HasSubstr("        x86_64-linux = {\n          demo-cpu-avx2 = import "
                        "./.flox/pkgs/demo-cpu-avx2.nix { system = \"x86_64-linux\"; };\n        };\n"));
  EXPECT_THAT(set->files.at("README.md"),
              HasSubstr("| `demo-cpu-avx2` | none | AVX2 | none | x86_64-linux |\n"));
  EXPECT_THAT(set->files.at("README.md"), Not(HasSubstr("## Not here")));
}

TEST(NixRecipe, ABranchListsWhatIsLeftOut) {
  Matrix matrix = nix_matrix();
  demo_branch(matrix).gaps = {{"nix", "", "", "", "pin-broken", "marked as broken", "test"}};
  const Product& product = matrix.products.at("demo");
  const auto set = render_nix_branch(matrix, product, product.branches.at("1"), templates());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_TRUE(set->recipes.empty());
  EXPECT_THAT(set->files.at("README.md"),
              HasSubstr("1 variant of this branch cannot be built with Nix:\n\n| variant | rule | why |\n"
                        "|---|---|---|\n| `demo-cpu-avx2` | pin-broken | marked as broken |\n"));
  EXPECT_THAT(set->files.at("flake.nix"), HasSubstr("      packages = {\n      };\n"));
}

TEST(NixRecipe, AnUnknownTemplateKeyIsAnError) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "demo/nix/package.nix.mustache", "{{{titel}}}\n"));
  const auto own = TemplateFolder::load(directory.path());
  ASSERT_TRUE(own);
  const Matrix matrix = nix_matrix();
  const auto recipe = render_nix_recipe(matrix, demo_variant(matrix), *own);
  ASSERT_FALSE(recipe);
  EXPECT_THAT(recipe.error().message,
              HasSubstr("demo/nix/package.nix.mustache:1: unknown key 'titel' (did you mean 'title'"));
}

TEST(NixRecipe, StaysInItsOwnFolders) {
  const TemporaryDirectory directory;
  const Matrix matrix = nix_matrix();
  const Product& product = matrix.products.at("demo");
  RecipeSet set = render_nix_branch(matrix, product, product.branches.at("1"), templates()).value();
  set.directory.clear();
  ASSERT_TRUE(write_file(directory.path() / "notes.txt", "mine"));
  ASSERT_TRUE(write_file(directory.path() / ".flox/pkgs/old.nix", "{}"));
  ASSERT_TRUE(write_recipes({set}, directory.path()));
  EXPECT_TRUE(fs::exists(directory.path() / "notes.txt"));
  EXPECT_FALSE(fs::exists(directory.path() / ".flox/pkgs/old.nix")) << "a variant the branch no longer has";
  EXPECT_TRUE(fs::exists(directory.path() / ".flox/pkgs/demo-cpu-avx2.nix"));
  EXPECT_TRUE(compare_recipes({set}, directory.path())->empty());
}

TEST(NixText, IsEscapedForQuotedStrings) {
  EXPECT_EQ(escape_nix("a\"b\\c"), "a\\\"b\\\\c");
  EXPECT_EQ(escape_nix("${x} $x $"), "\\${x} $x \\$");
  EXPECT_EQ(escape_nix("$$@src.a@"), "$\\$@src.a@") << "what is put in may begin with ${";
  EXPECT_EQ(escape_nix("1\n\t\r"), "1\\n\\t\\r");
}

TEST(NixText, IsEscapedInTemplates) {
  EXPECT_EQ(render_template("x = \"{{a}}\"; y = {{{a}}};", "t", TemplateLanguage::nix, row({{"a", "${\""}}))
                .value(),
            "x = \"\\${\\\"\"; y = ${\";");
}

}  // namespace
}  // namespace ortforge

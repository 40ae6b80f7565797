#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

#include "ortforge/matrix/name.hpp"

namespace ortforge {
namespace {

// "product/branch:name" of what a name stands for in the shipped matrix, or the error's message.
std::string resolved(const char* name, const NameScope& scope = {}) {
  const auto variant = resolve_variant(shipped_matrix(), name, scope);
  if (!variant) {
    EXPECT_EQ(variant.error().kind, ErrorKind::bad_input);
    return variant.error().message;
  }
  return variant->product + "/" + variant->branch + ":" + variant->name;
}

TEST(ResolveVariant, ShortNamesStandOnTheDefaultLine) {
  EXPECT_EQ(resolved("sm90-avx512"), "onnxruntime/ort-1.21:onnxruntime-python313-cuda13_0-sm90-avx512");
  EXPECT_EQ(resolved("cpu-avx2"), "onnxruntime/ort-1.21:onnxruntime-python313-cpu-avx2");
  EXPECT_EQ(resolved("ort-1.24:sm90-avx512"),
            "onnxruntime/ort-1.24:onnxruntime-python313-cuda12_9-sm90-avx512");
  EXPECT_EQ(resolved("onnxruntime/main:sm90-avx512"),
            "onnxruntime/main:onnxruntime-python313-cuda12_9-sm90-avx512");
}

TEST(ResolveVariant, FlagsSayTheSame) {
  const std::string expected = "onnxruntime/main:onnxruntime-python312-cuda12_4-sm90-avx2";
  EXPECT_EQ(resolved("sm90-avx2", {"onnxruntime", "main", "12.4", ""}), expected);
  EXPECT_EQ(resolved("sm90-avx2", {"", "main", "cuda12_4", ""}), expected);
  EXPECT_EQ(resolved("sm90-avx2", {"", "main", "", "3.12"}), expected);
  EXPECT_EQ(resolved("main:sm90-avx2", {"", "main", "", "python312"}), expected);
  EXPECT_EQ(resolved("onnxruntime-python312-cuda12_4-sm90-avx2", {"", "main", "", ""}), expected);
  EXPECT_EQ(resolved("cpu-avx2", {"", "main", "12.4", ""}),
            "onnxruntime/main:onnxruntime-python313-cpu-avx2");
}

TEST(ResolveVariant, DefaultsCountWhereNothingIsSaid) {
  NameScope scope;
  scope.default_branch = "ort-1.24";
  EXPECT_EQ(resolved("cpu-avx2", scope), "onnxruntime/ort-1.24:onnxruntime-python313-cpu-avx2");
  EXPECT_EQ(resolved("main:cpu-avx2", scope), "onnxruntime/main:onnxruntime-python313-cpu-avx2");
  EXPECT_EQ(resolved("onnxruntime/cpu-avx2", scope), "onnxruntime/ort-1.24:onnxruntime-python313-cpu-avx2");
  EXPECT_EQ(resolved("simdkernels/cpu-avx2", scope), "simdkernels/1.0:simdkernels-cpu-avx2");
  EXPECT_EQ(resolved("simdkernels-cpu-avx2", scope), "simdkernels/1.0:simdkernels-cpu-avx2");
  scope.default_product = "simdkernels";
  EXPECT_EQ(resolved("cpu-avx2", scope), "simdkernels has no branch 'ort-1.24'");
  EXPECT_EQ(resolved("onnxruntime/cpu-avx2", scope), "onnxruntime/ort-1.21:onnxruntime-python313-cpu-avx2");
  scope.default_branch = "1.0";
  EXPECT_EQ(resolved("cpu-avx2", scope), "simdkernels/1.0:simdkernels-cpu-avx2");
  EXPECT_EQ(resolved("onnxruntime-python313-cpu-avx2", scope),
            "onnxruntime/ort-1.21:onnxruntime-python313-cpu-avx2");
}

TEST(ResolveVariant, ContradictionsAreErrors) {
  EXPECT_EQ(resolved("main:cpu-avx2", {"", "ort-1.24", "", ""}),
            "'main:cpu-avx2' names the branch 'main', but --branch says 'ort-1.24'");
  EXPECT_EQ(
      resolved("onnxruntime-python313-cuda13_0-sm90-avx2", {"", "", "12.4", ""}),
      "'onnxruntime-python313-cuda13_0-sm90-avx2' is of line cuda13_0, which --cuda or --python excludes");
  EXPECT_EQ(resolved(":cpu-avx2"), "':cpu-avx2' names no branch before its separator");
  EXPECT_EQ(resolved("main:"), "'main:' names no variant");
}

TEST(ResolveVariant, UnknownNamesGetTheNearest) {
  EXPECT_EQ(resolved("cpu-avx51"),
            "onnxruntime branch ort-1.21 has no variant 'cpu-avx51' (did you mean 'cpu-avx512', 'cpu-avx2' "
            "or 'cpu-armv9'?)");
  EXPECT_EQ(resolved("mian:cpu-avx2"), "onnxruntime has no branch 'mian' (did you mean 'main'?)");
  EXPECT_EQ(resolved("onnxrntime/main:cpu-avx2").substr(0, 63),
            "unknown product 'onnxrntime' (did you mean 'onnxruntime'?)");
}

TEST(ResolveVariant, FullNamesStandInLinesOfTheirOwn) {
  EXPECT_EQ(resolved("onnxruntime-python313-cpu-avx51"),
            "onnxruntime branch ort-1.21 has no variant 'onnxruntime-python313-cpu-avx51'; the nearest are:\n"
            "  onnxruntime-python313-cpu-avx512\n"
            "  onnxruntime-python313-cpu-avx2\n"
            "  onnxruntime-python313-cpu-armv9");
  const std::string elsewhere = resolved("onnxruntime-python312-cuda12_4-sm90-avx2");
  EXPECT_TRUE(
      elsewhere.starts_with("onnxruntime branch ort-1.21 has no variant "
                            "'onnxruntime-python312-cuda12_4-sm90-avx2'; it is known as\n"
                            "  onnxruntime/main:onnxruntime-python312-cuda12_4-sm90-avx2\n  "))
      << elsewhere;
}

TEST(ResolveVariant, NamesKnownElsewhereSayWhere) {
  EXPECT_EQ(resolved("sm100-avx2", {"", "ort-1.22", "", ""}),
            "onnxruntime branch ort-1.22 has no variant 'sm100-avx2'; it is known as "
            "onnxruntime/ort-1.21:sm100-avx2, "
            "onnxruntime/main:sm100-avx2, onnxruntime/ort-1.24:sm100-avx2, onnxruntime/ort-1.23:sm100-avx2");
  const TemporaryMatrix small = TemporaryMatrix::small();
  small.edit("tool.json", [](Json& json) {
    Json& lines = json["branches"]["v1"]["lines"];
    lines["cuda13_0-python312"] = lines["cuda13_0"];
    lines["cuda13_0-python312"].update(
        {{"python", "3.12"}, {"default", false}, {"variants", {{{"sm", {121}}, {"isa", {"armv9"}}}}}});
  });
  const Matrix matrix = small.load().value();
  EXPECT_EQ(resolve_variant(matrix, "sm121-armv9", {}).error().message,
            "tool branch v1 has 'sm121-armv9' on other lines only: tool-python312-cuda13_0-sm121-armv9");
  EXPECT_EQ(resolve_variant(matrix, "sm121-armv9", {"", "", "", "3.12"}).value().line, "cuda13_0-python312");
}

TEST(ResolveVariant, AFullNameChoosesItsProduct) {
  const TemporaryMatrix matrix = TemporaryMatrix::copy_of_shipped();
  matrix.edit("onnxruntime.json", [](Json& json) {
    json["product"] = "other";
    json["default"] = false;
  });
  std::filesystem::rename(matrix.path() / "onnxruntime.json", matrix.path() / "other.json");
  std::filesystem::copy_file(shipped_matrix_directory() / "onnxruntime.json",
                             matrix.path() / "onnxruntime.json");
  const auto loaded = matrix.load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto variant = resolve_variant(*loaded, "other-python313-cpu-avx2", {});
  ASSERT_TRUE(variant) << variant.error().message;
  EXPECT_EQ(variant->product, "other");
}

}  // namespace
}  // namespace ortforge

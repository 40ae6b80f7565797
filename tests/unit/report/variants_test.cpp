#include "ortforge/report/variants.hpp"

#include <algorithm>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/matrix/check.hpp"

namespace ortforge {
namespace {

std::vector<VariantRow> rows_of(const std::string& branch) {
  const Product& product = shipped_matrix().products.at("onnxruntime");
  std::vector<VariantRow> rows;
  for (Variant& variant : variants_of(shipped_matrix(), product, product.branches.at(branch))) {
    rows.push_back({std::move(variant), std::nullopt, "", ""});
  }
  return rows;
}

std::vector<VariantRow> three_rows() {
  std::vector<VariantRow> rows;
  for (VariantRow& row : rows_of("main")) {
    if (row.variant.short_name == "sm100-avx2" || row.variant.short_name == "cpu-armv9")
      rows.push_back(std::move(row));
  }
  rows.at(0).here = false;
  rows.at(0).here_missing = "CUDA 12.9";
  rows.at(0).record = "built";
  return rows;
}

TEST(VariantsTable, ShowsWhatIsKnown) {
  EXPECT_EQ(variants_table(three_rows(), 0),
            "Variant     CUDA  Python  Platform  Feasible                     Here          Record\n"
            "sm100-avx2  12.9  3.13    x86_64    yes                          no CUDA 12.9  built\n"
            "sm100-avx2  12.4  3.12    x86_64    no: nvcc 12.4 has no sm_100\n"
            "cpu-armv9   -     3.13    aarch64   yes\n");
}

TEST(VariantsTable, SaysWhatIsMissingHere) {
  std::vector<VariantRow> rows = three_rows();
  rows[1].here = false;
  rows[1].here_missing = cmake_feasibility(rows[1].variant).fact;
  rows[2].here = false;
  rows[2].here_missing = "a machine of aarch64-linux";
  rows[2].other_platform = true;
  EXPECT_EQ(variants_table(rows, 0),
            "Variant     CUDA  Python  Platform  Feasible                     Here           Record\n"
            "sm100-avx2  12.9  3.13    x86_64    yes                          no CUDA 12.9   built\n"
            "sm100-avx2  12.4  3.12    x86_64    no: nvcc 12.4 has no sm_100  -\n"
            "cpu-armv9   -     3.13    aarch64   yes                          needs aarch64\n");
}

TEST(VariantsTable, OfSeveralBranchesFitsItsWidthWithARecordToo) {
  std::vector<VariantRow> rows;
  for (Variant& variant : all_variants(shipped_matrix())) {
    rows.push_back({std::move(variant), false, "a machine of aarch64-linux", "partly built", true});
  }
  const std::vector<std::string> lines = split(variants_table(rows, 80), '\n');
  ASSERT_EQ(lines.size(), rows.size() + 2U);
  for (const std::string& line : lines) {
    const auto columns = std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    EXPECT_LE(columns, 80) << line;
  }
  for (VariantRow& row : rows) row.record = "tested";
  const std::string table = variants_table(rows, 80);
  EXPECT_EQ(split(table, '\n').front(),
            "Product      Branch     Variant           CUDA  Feasible   Here           Record");
  EXPECT_NE(table.find("  sm75-avx2         13.0  yes        needs x86_64   tested\n"), std::string::npos)
      << table.substr(0, 200);
}

TEST(VariantsTable, FitsItsWidth) {
  for (const std::string& line : split(variants_table(rows_of("main")), '\n'))
    EXPECT_LE(line.size(), 80U) << line;
  EXPECT_EQ(split(variants_table(rows_of("main")), '\n').size(), 66U + 2U);
  std::vector<VariantRow> rows = three_rows();
  rows[0].here_missing = std::string(200, 'x');
  for (const std::string& line : split(variants_table(rows), '\n')) {
    EXPECT_LE(line.size(), 84U) << line;  // the ellipsis takes three bytes in one column
  }
  EXPECT_EQ(variants_table({}), "Variant  CUDA  Python  Platform  Feasible\n");
}

TEST(VariantsNames, OnePerLine) {
  EXPECT_EQ(variants_names(three_rows()),
            "onnxruntime-python313-cuda12_9-sm100-avx2\nonnxruntime-python312-cuda12_4-sm100-"
            "avx2\nonnxruntime-python313-cpu-armv9\n");
  EXPECT_EQ(variants_names({}), "");
}

TEST(VariantsJson, FollowsItsSchema) {
  const TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "list.json", variants_json(three_rows())));
  const auto findings = check_schema(folder.path() / "list.json",
                                     std::filesystem::path(TEST_SOURCE_DIR) / "docs/json/list.schema.json");
  ASSERT_TRUE(findings) << findings.error().message;
  for (const Finding& finding : *findings) ADD_FAILURE() << describe(finding);

  const Json json = parse_json(variants_json(three_rows()), "list").value();
  EXPECT_EQ(json[1]["name"], "onnxruntime-python312-cuda12_4-sm100-avx2");
  EXPECT_EQ(json[1]["feasible"], false);
  EXPECT_EQ(json[1]["reason"], "nvcc 12.4 has no sm_100");
  EXPECT_EQ(json[1]["backends"]["nix"]["rule"], "toolkit-target");
  EXPECT_EQ(json[0]["here"]["missing"], "CUDA 12.9");
  EXPECT_TRUE(json[2]["sm"].is_null());
  EXPECT_TRUE(json[2]["here"].is_null());
}

TEST(VariantsJson, TheSchemaRefusesOtherThings) {
  const TemporaryDirectory folder;
  Json json = parse_json(variants_json(three_rows()), "list").value();
  json[0]["sm"] = "100";
  json[1].erase("reason");
  ASSERT_TRUE(write_file(folder.path() / "list.json", json.dump()));
  const auto findings = check_schema(folder.path() / "list.json",
                                     std::filesystem::path(TEST_SOURCE_DIR) / "docs/json/list.schema.json");
  std::vector<std::string> paths;
  for (const Finding& finding : findings.value()) paths.push_back(finding.path);
  EXPECT_THAT(paths, testing::UnorderedElementsAre("$[0].sm", "$[1]"));
}

TEST(VariantsMarkdown, EscapesBars) {
  std::vector<VariantRow> rows = three_rows();
  rows.resize(1);
  rows[0].here_missing = "a|b";
  EXPECT_EQ(variants_markdown(rows),
            "| Variant | Branch | CUDA | Python | Platform | Feasible | Here | Record "
            "|\n|---|---|---|---|---|---|---|---|\n"
            "| `onnxruntime-python313-cuda12_9-sm100-avx2` | onnxruntime/main | 12.9 | 3.13 | x86_64-linux | "
            "yes | no a\\|b | built |\n");
}

}  // namespace
}  // namespace ortforge

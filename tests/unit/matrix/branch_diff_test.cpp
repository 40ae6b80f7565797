#include "ortforge/matrix/branch_diff.hpp"

#include <algorithm>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/text.hpp"
#include "ortforge/report/branch_diff.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

BranchDiff diff_of(const Matrix& matrix, const std::string& before, const std::string& after) {
  return diff_branches(matrix, resolve_branch(matrix, before, {}).value(),
                       resolve_branch(matrix, after, {}).value())
      .value();
}

std::vector<std::string> sections_of(const BranchDiff& diff) {
  std::vector<std::string> names;
  for (const DiffSection& section : diff.sections) names.push_back(section.name);
  return names;
}

// The small matrix with a branch v3 that has something of everything.
TemporaryMatrix small_with_v3() {
  TemporaryMatrix folder = TemporaryMatrix::small();
  folder.edit("tool.json", [](Json& json) {
    json["branches"]["v1"]["cmake"].push_back({{"name", "FAST"}, {"value", "1"}});
    json["branches"]["v3"] = {
        {"inherits", "v1"},
        {"version", "3.0"},
        {"pins", {{"nixpkgs", {{"revision", "abc"}, {"origin", "test"}}}}},
        {"lines",
         {{"cuda13_0", {{"variants", {{{"sm", {90, 121}}, {"isa", {"avx2", "armv9"}}}}}}},
          {"cpu", {{"variants", {{{"isa", {"avx2"}}}}}}}}},
        {"substitutions",
         {{{"source", "tool"}, {"file", "a.txt"}, {"kind", "delete-file"}, {"why", "made up"}}}},
        {"cmake",
         {{{"name", "FAST"}, {"value", "2"}},
          {{"name", "TOOL_DIR"}, {"type", "PATH"}, {"value", "@src.tool@"}}}}};
  });
  return folder;
}

TEST(BranchDiff, ABranchDoesNotDifferFromItself) {
  const BranchDiff diff = diff_of(shipped_matrix(), "ort-1.24", "ort-1.24");
  EXPECT_TRUE(diff.empty());
  EXPECT_EQ(branch_diff_text(diff),
            "onnxruntime/ort-1.24 1.24.2 -> onnxruntime/ort-1.24 1.24.2\nno difference\n");
  EXPECT_THAT(branch_diff_markdown(diff), HasSubstr("\nNo difference.\n"));
}

TEST(BranchDiff, MembersEntriesAndVariants) {
  const TemporaryMatrix folder = small_with_v3();
  ASSERT_EQ(folder.load_error(), "");
  const BranchDiff diff = diff_of(folder.load().value(), "v1", "v3");
  EXPECT_EQ(branch_diff_text(diff),
            "tool/v1 1.0 -> tool/v3 3.0\n"
            "\n"
            "branch\n"
            "  version: 1.0 -> 3.0\n"
            "\n"
            "pins\n"
            "  + nixpkgs: abc, test\n"
            "\n"
            "substitutions\n"
            "  + tool/a.txt: delete-file, made up\n"
            "\n"
            "cmake\n"
            "  FAST\n"
            "    value: 1 -> 2\n"
            "\n"
            "variants: 4 -> 5\n"
            "  - cpu (Python 3.13): armv9\n"
            "  + cuda13_0 (Python 3.13): sm121 with avx2, armv9\n");
}

TEST(BranchDiff, AWholeSmIsOneRange) {
  const BranchDiff diff = diff_of(shipped_matrix(), "ort-1.22", "main");
  const std::vector<std::string> isas{"avx2", "avx512", "avx512vnni", "avx512bf16"};
  EXPECT_THAT(diff.gained, ElementsAre(VariantRange{"cuda12_9", "12.9", "3.13", {100, 120}, isas},
                                       VariantRange{"cuda12_4", "12.4", "3.12", {100, 120}, isas}));
  EXPECT_EQ(diff.gained.front().count(), 8U);
  EXPECT_THAT(diff.lost, IsEmpty());
  EXPECT_EQ(diff.before.variants, 50U);
  EXPECT_EQ(diff.after.variants, 66U);
}

TEST(BranchDiff, ComponentsAreComparedWherePipelinesAreTwo) {
  EXPECT_THAT(sections_of(diff_of(shipped_matrix(), "ort-1.20", "ort-1.19")),
              ElementsAre("branch", "sources", "substitutions", "cmake"));
  const BranchDiff diff = diff_of(shipped_matrix(), "main", "ort-1.21");
  ASSERT_EQ(sections_of(diff).back(), "components");
  std::vector<std::string> entries;
  for (const EntryChange& entry : diff.sections.back().entries) entries.push_back(entry.name);
  EXPECT_THAT(entries, ElementsAre("core", "package", "binding", "provider"))
      << "prepare and test are those of the other pipeline";
}

TEST(BranchDiff, LinesAndTheirToolkits) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  const std::string digest(64, 'a');
  folder.edit("tool.json", [&](Json& json) {
    json["branches"]["v2"]["lines"]["cuda13_0"] = {
        {"python", "3.14"},
        {"toolkit",
         {{{"name", "nvcc"},
           {"version", "13.0.88"},
           {"sha256", digest},
           {"origins",
            {{{"kind", "wheel"}, {"package", "nvcc"}, {"version", "13.0.88"}, {"file", "a.whl"}}}}}}}};
    json["branches"]["v2"]["lines"]["cpu"] = nullptr;
  });
  ASSERT_EQ(folder.load_error(), "");
  const BranchDiff diff = diff_of(folder.load().value(), "v1", "v2");
  ASSERT_THAT(sections_of(diff), ElementsAre("branch", "lines"));
  const std::vector<EntryChange>& lines = diff.sections.back().entries;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].name, "cuda13_0");
  EXPECT_THAT(lines[0].members,
              ElementsAre(MemberChange{"python", "3.13", "3.14"},
                          MemberChange{"toolkit.nvcc.version", std::nullopt, "13.0.88"},
                          MemberChange{"toolkit.nvcc.sha256", std::nullopt, digest},
                          MemberChange{"toolkit.nvcc.origins", std::nullopt, "wheel nvcc 13.0.88 a.whl"}));
  EXPECT_EQ(lines[1].name, "cpu");
  EXPECT_EQ(lines[1].kind, EntryChange::Kind::lost);
}

TEST(BranchDiff, LongTextsShowWhereTheyBeginToDiffer) {
  BranchDiff diff;
  diff.before = {"p", "a", "1.0", 0};
  diff.after = {"p", "b", "1.0", 0};
  const std::string start(100, 'x');
  diff.sections = {{"sources",
                    {{EntryChange::Kind::changed, "s", {{"note", start + "é1\n", start + "é2"}}},
                     {EntryChange::Kind::gained, "t", {{"note", std::nullopt, "a\nb"}}}}}};
  EXPECT_EQ(branch_diff_text(diff, 80),
            "p/a 1.0 -> p/b 1.0\n\nsources\n  s\n    note:\n"
            "      - …" +
                std::string(22, 'x') + "é1\\n\n      + …" + std::string(22, 'x') + "é2\n  + t: a\\nb\n");
  EXPECT_THAT(branch_diff_markdown(diff), HasSubstr("| `t` | note | - | a b |\n"));
}

TEST(BranchDiff, TextKeepsToTheWidth) {
  for (const char* other : {"ort-1.21", "ort-1.18", "ort-1.24"}) {
    const std::string text = branch_diff_text(diff_of(shipped_matrix(), "main", other), 80);
    for (const std::string& line : split(text, '\n')) {
      const auto columns = std::count_if(
          line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
      EXPECT_LE(columns, 80) << line;
    }
  }
}

}  // namespace
}  // namespace ortforge

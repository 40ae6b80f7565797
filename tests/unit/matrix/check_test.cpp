#include "ortforge/matrix/check.hpp"

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ortforge {
namespace {

// "tool.json: $.path: message" of every error, the folder taken out.
std::vector<std::string> errors_of(const TemporaryMatrix& matrix) {
  const auto findings = check_matrix(matrix.path());
  if (!findings) return {findings.error().message};
  std::vector<std::string> texts;
  for (Finding finding : *findings) {
    if (finding.severity != Severity::error) continue;
    finding.file = std::filesystem::path(finding.file).filename().string();
    texts.push_back(describe(finding));
  }
  return texts;
}

TEST(CheckMatrix, ASoundMatrixGivesNotesOnly) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  EXPECT_THAT(errors_of(matrix), testing::IsEmpty());
  const std::vector<Finding> findings = check_matrix(matrix.path()).value();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].path, "$.branches.v1");
  EXPECT_EQ(findings[0].message.substr(0, 45), "4 variants, 4 feasible with cmake; names sha2");
}

TEST(CheckMatrix, ReportsEveryFindingAtOnce) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.edit("hardware.json", [](Json& json) { json["gpus"][0]["sm"] = 89; });
  matrix.edit("tool.json", [](Json& json) {
    Json& v1 = json["branches"]["v1"];
    v1["environment"] = "hots";
    v1["lines"]["cuda13_0"]["variants"][0]["sm"] = {91};
    v1["lines"]["cpu"]["variants"][0]["isa"] = {"avx3"};
    json["default_branch"] = "v3";
  });
  EXPECT_THAT(errors_of(matrix),
              testing::UnorderedElementsAre(
                  "hardware.json: $.gpus[0].sm: 'H100' has SM 89, which 'sms' does not describe",
                  "tool.json: $.default_branch: there is no branch 'v3' (did you mean 'v1' or 'v2'?)",
                  "tool.json: $.branches.v1.environment: environments.json has no environment 'hots' (did "
                  "you mean 'host'?)",
                  "tool.json: $.branches.v1.lines.cuda13_0.variants[0].sm[0]: hardware.json has no SM 91 "
                  "(did you mean '90'?)",
                  "tool.json: $.branches.v1.lines.cpu.variants[0].isa[0]: hardware.json has no ISA 'avx3' "
                  "(did you mean 'avx2'?)"));
}

TEST(CheckMatrix, SchemaViolationsInSeveralFilesComeTogether) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.edit("environments.json", [](Json& json) { json["environments"]["root"]["suite"] = 13; });
  matrix.edit("tool.json", [](Json& json) {
    json["branches"]["v1"]["lines"]["cpu"]["default"] = "yes";
    json["branches"]["v2"]["version"] = 2;
  });
  const std::vector<std::string> errors = errors_of(matrix);
  const auto at = [](const char* place) { return testing::Contains(testing::StartsWith(place)); };
  EXPECT_THAT(errors, at("environments.json: $.environments.root.suite: "));
  EXPECT_THAT(errors, at("tool.json: $.branches.v1.lines.cpu.default: "));
  EXPECT_THAT(errors, at("tool.json: $.branches.v2.version: "));
}

TEST(CheckMatrix, SyntaxErrorsAndMissingFiles) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.write("tool.json", "{\"format\": 1,}");
  EXPECT_THAT(errors_of(matrix), testing::ElementsAre(testing::StartsWith("tool.json: ")));
  std::filesystem::remove(matrix.path() / "hardware.json");
  const auto findings = check_matrix(matrix.path());
  ASSERT_FALSE(findings);
  EXPECT_EQ(findings.error().kind, ErrorKind::missing);
}

TEST(CheckSchema, NamesThePlaceAndSparesThePlacesAround) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.edit("hardware.json", [](Json& json) {
    json["sms"]["90"]["platforms"] = "x86_64-linux";
    json["toolkits"]["13.0"].erase("driver");
  });
  const auto findings =
      check_schema(matrix.path() / "hardware.json", matrix.path() / "schema" / "hardware.schema.json");
  ASSERT_TRUE(findings) << findings.error().message;
  std::vector<std::string> paths;
  for (const Finding& finding : *findings) paths.push_back(finding.path);
  EXPECT_THAT(paths, testing::UnorderedElementsAre("$.sms.90.platforms", "$.toolkits[\"13.0\"]"));
}

}  // namespace
}  // namespace ortforge

#include "ortforge/matrix/new_branch.hpp"

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/matrix/check.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<BranchAddition> add_to(const TemporaryMatrix& folder, const std::string& parent,
                              const std::string& name, const std::string& version) {
  const Matrix matrix = folder.load().value();
  return add_branch(matrix, resolve_branch(matrix, parent, {}).value(), name, version);
}

TEST(NewBranch, TheEntryIsAllThatTheFileGains) {
  const TemporaryMatrix folder = TemporaryMatrix::copy_of_shipped();
  const std::string before = read_file(folder.path() / "onnxruntime.json").value();
  const auto addition = add_to(folder, "ort-1.24", "ort-9.9", "9.9.0");
  ASSERT_TRUE(addition) << addition.error().message;
  const std::string added = R"(,
    "ort-9.9": {
      "inherits": "ort-1.24",
      "version": "9.9.0",
      "status": "new",
      "origin": "branch ort-1.24 (1.24.2) carried over to 9.9.0",
      "sources": {
        "onnxruntime": {
          "version": "9.9.0",
          "nar": null,
          "unpinned": "new with version 9.9.0: 'ortforge lock' fills in its digest",
          "origins": [{"kind": "git", "url": "https://github.com/microsoft/onnxruntime", "revision": "v9.9.0", "submodules": true}]
        }
      }
    })";
  const std::size_t at = addition->text.find(added);
  ASSERT_NE(at, std::string::npos) << addition->text;
  EXPECT_EQ(addition->text.substr(0, at) + addition->text.substr(at + added.size()), before);
  EXPECT_THAT(addition->sources, ElementsAre(FollowingSource{"onnxruntime", "1.24.2", "9.9.0", true}));
  EXPECT_EQ(read_file(folder.path() / "onnxruntime.json").value(), before) << "nothing is written yet";
}

TEST(NewBranch, WhatIsWrittenPassesTheWholeCheckAndHasTheLinesOfItsParent) {
  const TemporaryMatrix folder = TemporaryMatrix::copy_of_shipped();
  const auto addition = add_to(folder, "ort-1.24", "ort-9.9", "9.9.0");
  ASSERT_TRUE(addition && write_addition(*addition));
  const auto findings = check_matrix(folder.path());
  ASSERT_TRUE(findings) << findings.error().message;
  for (const Finding& finding : *findings) EXPECT_EQ(finding.severity, Severity::note) << describe(finding);
  const Matrix matrix = folder.load().value();
  const Product& product = matrix.products.at("onnxruntime");
  const std::vector<Variant> own = variants_of(matrix, product, product.branches.at("ort-9.9"));
  const std::vector<Variant> parent = variants_of(matrix, product, product.branches.at("ort-1.24"));
  ASSERT_EQ(own.size(), parent.size());
  for (std::size_t i = 0; i < own.size(); ++i) EXPECT_EQ(own[i].name, parent[i].name);
  EXPECT_EQ(
      resolve_variant(matrix, "ort-9.9:cpu-avx2", {}).value().backends.at("cmake"),
      (Feasibility{false, "source-pin",
                   "the source onnxruntime has no digest: new with version 9.9.0: 'ortforge lock' fills "
                   "in its digest"}));
}

TEST(NewBranch, ItsParentMayInheritItself) {
  const TemporaryMatrix folder = TemporaryMatrix::copy_of_shipped();
  const auto addition = add_to(folder, "ort-1.23", "ort-1.23.3", "1.23.3");
  ASSERT_TRUE(addition) << addition.error().message;
  EXPECT_THAT(addition->sources, ElementsAre(FollowingSource{"onnxruntime", "1.23.2", "1.23.3", true}));
}

TEST(NewBranch, OriginsOfEveryKindFollow) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  const std::string digest(64, 'a');
  folder.edit("tool.json", [&](Json& json) {
    json["branches"]["v1"]["sources"]["core"] = {
        {"version", "1.0"},
        {"sha256", digest},
        {"origins",
         {{{"kind", "archive"}, {"url", "https://example.org/core-1.0.tar.gz"}},
          {{"kind", "debian"},
           {"package", "core"},
           {"version", "1.0-3"},
           {"file", "core_1.0.orig.tar.gz"}}}}};
    json["branches"]["v1"]["sources"]["other"] = {
        {"version", "11.0"},
        {"sha256", digest},
        {"origins", {{{"kind", "git"}, {"url", "https://example.org/other"}, {"revision", "v1.0.3"}}}}};
  });
  const auto addition = add_to(folder, "v1", "v3", "3.1");
  ASSERT_TRUE(addition) << addition.error().message;
  EXPECT_THAT(addition->sources, ElementsAre(FollowingSource{"core", "1.0", "3.1", true}));
  EXPECT_THAT(addition->text, HasSubstr("https://example.org/core-3.1.tar.gz"));
  EXPECT_THAT(addition->text, HasSubstr("core_3.1.orig.tar.gz"));
}

TEST(NewBranch, AShippedFolderNeedsNoDigest) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  folder.edit("tool.json", [](Json& json) { json["branches"]["v1"]["sources"]["tool"]["version"] = "1.0"; });
  const auto addition = add_to(folder, "v1", "v3", "3.0");
  ASSERT_TRUE(addition) << addition.error().message;
  EXPECT_THAT(addition->sources, ElementsAre(FollowingSource{"tool", "1.0", "3.0", false}));
  ASSERT_TRUE(write_addition(*addition));
  EXPECT_EQ(folder.load_error(), "");
}

TEST(NewBranch, AFileInOneLineStaysInOneLine) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  const Json json = read_json(folder.path() / "tool.json").value();
  folder.write("tool.json", json.dump());
  const auto addition = add_to(folder, "v2", "v3", "3.0");
  ASSERT_TRUE(addition) << addition.error().message;
  EXPECT_THAT(addition->text, HasSubstr(R"(, "v3": {"inherits": "v2", "version": "3.0", "status": "new", )"));
  EXPECT_EQ(addition->text.find('\n'), std::string::npos);
  EXPECT_THAT(addition->sources, IsEmpty());
}

TEST(NewBranch, WindowsLineEndsStay) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  std::string text = read_file(folder.path() / "tool.json").value();
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
    text.replace(at, 1, "\r\n");
  folder.write("tool.json", text);
  const auto addition = add_to(folder, "v1", "v3", "3.0");
  ASSERT_TRUE(addition) << addition.error().message;
  for (std::size_t at = addition->text.find('\n'); at != std::string::npos;
       at = addition->text.find('\n', at + 1))
    EXPECT_EQ(addition->text[at - 1], '\r');
}

TEST(NewBranch, Refusals) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  const auto refusal = [&](const std::string& name, const std::string& version) {
    const auto addition = add_to(folder, "v1", name, version);
    return addition ? "" : addition.error().message;
  };
  EXPECT_EQ(refusal("v2", "3.0"), "tool has a branch 'v2' already");
  EXPECT_EQ(refusal("v 3", "3.0"),
            "'v 3' is no name for a branch: expected letters, digits, '_', '.' and '-'");
  for (const char* version : {"3", "3.x", "v3.0", "3.", ".3", "3..0", ""}) {
    EXPECT_EQ(refusal("v3", version),
              fmt::format("--version {}: expected dotted numbers such as 1.25.0", version));
  }
}

TEST(NewBranch, AFileThatCannotBeWrittenIsLeftAndTheMessageSaysWhatToDo) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  // Room for the file, none for the neighbour that is to take its place: so it is for root as well.
  const std::string product(249, 'a');
  folder.edit("tool.json", [&](Json& json) { json["product"] = product; });
  std::filesystem::rename(folder.path() / "tool.json", folder.path() / (product + ".json"));
  const auto addition = add_to(folder, "v1", "v3", "3.0");
  ASSERT_TRUE(addition) << addition.error().message;
  const std::string before = read_file(addition->file).value();
  const auto written = write_addition(*addition);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::missing);
  EXPECT_THAT(written.error().message, HasSubstr("cannot be written"));
  EXPECT_EQ(written.error().hint,
            "copy the matrix folder to where you may write, and name the copy with --matrix DIR or "
            "ORTFORGE_MATRIX");
  EXPECT_EQ(read_file(addition->file).value(), before);
}

TEST(NewBranch, ALinkToTheFileStaysALink) {
  const TemporaryMatrix folder = TemporaryMatrix::small();
  std::filesystem::rename(folder.path() / "tool.json", folder.path() / "schema" / "real");
  std::filesystem::create_symlink("schema/real", folder.path() / "tool.json");
  const auto addition = add_to(folder, "v1", "v3", "3.0");
  ASSERT_TRUE(addition && write_addition(*addition));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "tool.json"));
  EXPECT_EQ(read_file(folder.path() / "schema" / "real").value(), addition->text);
}

TEST(BranchNames, MayNameTheirProduct) {
  const Matrix& matrix = shipped_matrix();
  EXPECT_EQ(resolve_branch(matrix, "simdkernels/1.0", {}).value().product->name, "simdkernels");
  NameScope scope;
  scope.product = "simdkernels";
  scope.branch = "nothing";
  EXPECT_EQ(resolve_branch(matrix, "1.0", scope).value().branch->name, "1.0");
  EXPECT_EQ(resolve_branch(matrix, "onnxruntime/main", scope).error().message,
            "'onnxruntime/main' names the product 'onnxruntime', but --product says 'simdkernels'");
  EXPECT_EQ(resolve_branch(matrix, "onnxruntime/", {}).error().message, "'onnxruntime/' names no branch");
  EXPECT_THAT(resolve_branch(matrix, "ort-1.42", {}).error().message,
              HasSubstr("onnxruntime has no branch 'ort-1.42' (did you mean 'ort-1."));
}

}  // namespace
}  // namespace ortforge

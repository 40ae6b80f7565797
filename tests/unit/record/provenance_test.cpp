#include "ortforge/record/provenance.hpp"

#include <cstdlib>

#include "support/temporary_directory.hpp"
#include "unit/record/json_schema_check.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/record/time.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const char* const kHex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

ProvenanceInput some_input() {
  ProvenanceInput input;
  input.subjects = {{"lib/libonnxruntime.so.1.21.0", 23456789, kHex},
                    {"dist/onnxruntime.whl", 1234, std::string(64, '0')}};
  input.variant = "onnxruntime-python313-cpu-avx512";
  input.product = "onnxruntime";
  input.branch = "ort-1.21";
  input.backend = "cmake";
  input.environment = "debian-trixie";
  input.outputs = {"lib", "wheel"};
  input.replaced_sources = {"onnx"};
  ProvenanceStep step;
  step.name = "core";
  step.key = std::string(64, 'a');
  step.output_digest = "sha256-abc=";
  step.commands = {
      {{"cmake", "--preset", "core \"x\""}, {{"CCACHE_NAMESPACE", "avx512"}}, "src/onnxruntime"}};
  step.tools = {{"g++", "g++ (Debian 14.2.0-19) 14.2.0"}};
  input.steps = {step};
  input.options = {{"onnxruntime_BUILD_SHARED_LIB", "ON"}};
  input.host = {{"cpu", "AMD EPYC"}};
  const Digest digest = parse_digest(kHex).value();
  input.dependencies = {
      tree_material("source/onnx", digest, "git+https://github.com/onnx/onnx", {{"revision", "v1.17.0"}}),
      file_material("toolkit/nvcc", digest, ""),
      list_material("environment/debian-trixie", digest, {{"gcc-14", "14.2.0-19"}, {"libc6", "2.41-12"}}),
      list_material("recipe", digest), matrix_material({std::string(40, '1'), false, ""}).value()};
  input.ortforge_version = "0.1.0";
  input.invocation = "run 12";
  input.started_ms = 1764000000123;
  input.finished_ms = 1764003600000;
  input.logs = {{"logs/run-000012/core.log", 77, kHex}};
  return input;
}

void expect_valid(const std::string& text) {
  EXPECT_THAT(schema_findings("in-toto-statement-v1.schema.json", text), IsEmpty());
  EXPECT_THAT(schema_findings("slsa-provenance-v1.schema.json", text, "predicate"), IsEmpty());
  EXPECT_THAT(schema_findings("provenance.schema.json", text), IsEmpty());
}

TEST(Provenance, KeepsTheRulesOfInTotoAndSlsa) {
  expect_valid(provenance_text(some_input()).value());
}

TEST(Provenance, TheLeastThatCanBeSaidIsValidToo) {
  ProvenanceInput input;
  input.subjects = {{"lib/x.so", 1, kHex}};
  input.variant = "simdkernels-cpu-avx2";
  input.ortforge_version = "0.1.0";
  expect_valid(provenance_text(input).value());
}

TEST(Provenance, SaysWhatWasBuiltFromWhat) {
  const std::string text = provenance_text(some_input()).value();
  EXPECT_EQ(text, provenance_text(some_input()).value()) << "equal inputs, equal bytes";
  const Json json = parse_json(text, "provenance.json").value();
  EXPECT_EQ(json["subject"][0]["digest"]["sha256"], kHex);
  const Json& definition = json["predicate"]["buildDefinition"];
  EXPECT_EQ(definition["externalParameters"]["outputs"], Json({"lib", "wheel"}));
  EXPECT_EQ(definition["internalParameters"]["steps"][0]["commands"][0]["argv"],
            Json({"cmake", "--preset", "core \"x\""}));
  const Json& dependencies = definition["resolvedDependencies"];
  EXPECT_EQ(dependencies[0]["digest"]["narSha256"], kHex);
  EXPECT_EQ(dependencies[2]["annotations"]["packages"][1]["version"], "2.41-12");
  EXPECT_EQ(dependencies[4]["digest"]["gitCommit"], std::string(40, '1'));
  EXPECT_EQ(dependencies[4]["annotations"]["clean"], "no");
  EXPECT_EQ(json["predicate"]["runDetails"]["metadata"]["startedOn"], "2025-11-24T16:00:00.123Z");
  EXPECT_EQ(json["predicate"]["runDetails"]["byproducts"][0]["name"], "logs/run-000012/core.log");
}

TEST(Provenance, ARepositoryThatIsNotKnownIsNoDependency) {
  EXPECT_FALSE(matrix_material({"", false, "owned by another user"}));
  EXPECT_FALSE(matrix_material({"", true, ""}));
}

TEST(Provenance, RefusesToBreakTheRules) {
  const auto error_of = [](const std::function<void(ProvenanceInput&)>& change) {
    ProvenanceInput input = some_input();
    change(input);
    const auto text = provenance_text(input);
    return text ? "accepted" : text.error().message;
  };
  EXPECT_EQ(error_of([](auto& input) { input.subjects.clear(); }), "provenance: no artefact to speak of");
  EXPECT_EQ(error_of([](auto& input) { input.subjects[0].sha256 = "ABC"; }),
            "provenance: lib/libonnxruntime.so.1.21.0: sha256 must be 64 lower-case hexadecimal digits, "
            "found 'ABC'");
  EXPECT_EQ(error_of([](auto& input) { input.variant.clear(); }), "provenance: no variant");
  EXPECT_EQ(error_of([](auto& input) { input.dependencies[0].digest.clear(); }),
            "provenance: source/onnx has no digest");
  EXPECT_EQ(error_of([](auto& input) {
              input.dependencies[0].digest = {{"crc32", "00"}};
            }),
            "provenance: source/onnx: unknown digest algorithm 'crc32'");
  EXPECT_EQ(error_of([](auto& input) { input.finished_ms = 1; }),
            "provenance: finished (1970-01-01T00:00:00.001Z) before it started (2025-11-24T16:00:00.123Z)");
}

// The schemas themselves must be able to say no.
TEST(Provenance, TheSchemasRefuseWhatTheStandardsForbid) {
  const Json good = parse_json(provenance_text(some_input()).value(), "provenance.json").value();
  const auto statement = [&](const std::function<void(Json&)>& change) {
    Json json = good;
    change(json);
    return schema_findings("in-toto-statement-v1.schema.json", json.dump());
  };
  const auto predicate = [&](const std::function<void(Json&)>& change) {
    Json json = good;
    change(json["predicate"]);
    return schema_findings("slsa-provenance-v1.schema.json", json.dump(), "predicate");
  };
  EXPECT_THAT(statement([](Json& json) { json["_type"] = "https://in-toto.io/Statement/v0.1"; }),
              Not(IsEmpty()));
  EXPECT_THAT(statement([](Json& json) { json["subject"] = Json::array(); }), Not(IsEmpty()));
  EXPECT_THAT(statement([](Json& json) { json["subject"][0].erase("digest"); }), Not(IsEmpty()));
  EXPECT_THAT(statement([](Json& json) { json["subject"][0]["digest"]["sha256"] = std::string(64, 'G'); }),
              Not(IsEmpty()));
  EXPECT_THAT(statement([](Json& json) { json.erase("predicateType"); }), Not(IsEmpty()));
  EXPECT_THAT(statement([](Json& json) { json["predicateType"] = "provenance"; }), Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) { json.erase("runDetails"); }), Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) { json["buildDefinition"].erase("externalParameters"); }),
              Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) { json["buildDefinition"]["buildType"] = "cmake"; }), Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) { json["runDetails"]["builder"].erase("id"); }), Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) { json["runDetails"]["metadata"]["startedOn"] = "2025-11-24 16:00"; }),
              Not(IsEmpty()));
  EXPECT_THAT(predicate([](Json& json) {
                json["buildDefinition"]["resolvedDependencies"][0].erase("digest");
                json["buildDefinition"]["resolvedDependencies"][0].erase("uri");
              }),
              Not(IsEmpty()));
}

// ORTFORGE_TEST_PYTHON names a Python that has in-toto-attestation; by default python3.
TEST(Provenance, TheModelsOfInTotoTakeIt) {
  const char* chosen = std::getenv("ORTFORGE_TEST_PYTHON");
  const TemporaryDirectory directory;
  const auto file = directory.path() / "provenance.json";
  ASSERT_TRUE(write_file(file, provenance_text(some_input()).value()));
  Command command;
  command.argv = {chosen != nullptr ? chosen : "python3",
                  std::string(TEST_SOURCE_DIR) + "/tests/unit/record/in_toto_check.py", file.string()};
  command.environment = {{"PATH", "/usr/bin:/bin"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  command.directory = directory.path();
  const Captured result = run_captured(command).value();
  const auto* exited = std::get_if<Exited>(&result.outcome.ending);
  if (exited == nullptr || exited->code == 77)
    GTEST_SKIP() << "no Python with in-toto-attestation: " << result.output;
  EXPECT_EQ(exited->code, 0) << result.output;
  EXPECT_EQ(result.output, "2025-11-24T16:00:00.123Z\n");
}

TEST(Time, KnowsTheCalendar) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(951782400000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(rfc3339(4107542399999), "2100-02-28T23:59:59.999Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(short_time(1764000000123), "2025-11-24 16:00");
}

}  // namespace
}  // namespace ortforge

// Every command that prints JSON keeps to its schema in docs/json.
#include "support/json_schema.hpp"

#include <filesystem>
#include <map>
#include <set>

#include "support/call.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "unit/record/database_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/source/fetch_report.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kSchemas = fs::path(TEST_SOURCE_DIR) / "docs" / "json";

// Command -> schemas of what it prints with --json; none: it prints no JSON. BuildSimdkernels checks `build`.
const std::map<std::string, std::set<std::string>>& covered() {
  static const std::map<std::string, std::set<std::string>> table{{"list", {"list"}},
                                                                  {"show", {"show"}},
                                                                  {"check", {"check"}},
                                                                  {"branch", {"branch"}},
                                                                  {"diff", {"diff"}},
                                                                  {"import", {"import"}},
                                                                  {"doctor", {"doctor"}},
                                                                  {"generate", {"generate"}},
                                                                  {"lock", {"lock"}},
                                                                  {"fetch", {"fetch"}},
                                                                  {"plan", {"plan"}},
                                                                  {"build", {"build", "nix-plan", "plan"}},
                                                                  {"test", {"test"}},
                                                                  {"runs", {"run", "runs"}},
                                                                  {"log", {"log"}},
                                                                  {"why", {"why"}},
                                                                  {"gc", {"gc"}},
                                                                  {"shell", {}},
                                                                  {"ci", {}},
                                                                  {"completion", {}}};
  return table;
}

// Of files, not of what a command prints.
const std::set<std::string> kOfFiles{"recipe", "provenance", "in-toto-statement-v1", "slsa-provenance-v1",
                                     "test-results"};

std::set<std::string> schema_names() {
  std::set<std::string> names;
  const std::string ending = ".schema.json";
  for (const auto& entry : fs::directory_iterator(kSchemas)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(ending)) names.insert(file.substr(0, file.size() - ending.size()));
  }
  return names;
}

Json schema(const std::string& name) {
  return read_json(kSchemas / (name + ".schema.json")).value();
}

class JsonOutput : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return call({home(), directory_.path(), {}, nullptr}, std::move(arguments));
  }
  fs::path home() const { return directory_.path() / "home"; }

  // What the command printed fits the schema; it may end with one of `codes`.
  void expect_valid(const std::string& name, const std::vector<std::string>& arguments,
                    const std::set<int>& codes = {0}) {
    const CallResult result = run(arguments);
    SCOPED_TRACE(testing::PrintToString(arguments));
    EXPECT_TRUE(codes.contains(result.code)) << result.code << result.err;
    EXPECT_EQ(schema_violations(name, result.out), "");
  }

  TemporaryDirectory directory_;
};

TEST(JsonSchemas, EveryCommandHasItsSchemas) {
  std::set<std::string> commands;
  for (const auto& command : all_commands()) commands.insert(command->name());
  std::set<std::string> named;
  std::set<std::string> schemas = kOfFiles;
  for (const auto& [command, names] : covered()) {
    named.insert(command);
    schemas.insert(names.begin(), names.end());
    const auto text = read_file(fs::path(TEST_SOURCE_DIR) / "src/cli/commands" / (command + ".cpp"));
    ASSERT_TRUE(text) << command;
    EXPECT_EQ(text->find("options().json") != std::string::npos, !names.empty())
        << command << " prints JSON, or not";
  }
  EXPECT_EQ(commands, named)
      << "a new command belongs into the table of this test, and its output into docs/json";
  EXPECT_EQ(schema_names(), schemas);
}

TEST(JsonSchemas, EachNamesItsVersionAndStandsInTheReadme) {
  const std::string readme = read_file(kSchemas / "README.md").value();
  for (const std::string& name : schema_names()) {
    EXPECT_THAT(readme, HasSubstr("(" + name + ".schema.json)"));
    const Json json = schema(name);
    const std::string id = json.at("$id").get<std::string>();
    if (name.ends_with("-v1")) {
      EXPECT_EQ(id, "urn:ortforge:json:" + name);
      continue;
    }
    const std::string start = "urn:ortforge:json:" + name + ":";
    EXPECT_TRUE(id.starts_with(start)) << id;
    if (json.value("type", "") != "object" || !json.at("properties").contains("schema")) continue;
    EXPECT_EQ(json.at("properties").at("schema").at("const"), name + "/" + id.substr(start.size()));
  }
}

TEST(JsonSchemas, ShowTakesOverListAndPlan) {
  const Json show = schema("show");
  const Json plan = schema("plan");
  const Json list = schema("list");
  for (const auto& [name, property] : list.at("items").at("properties").items())
    EXPECT_EQ(show.at("properties").at(name), property) << name;
  for (const char* member : {"required", "properties"})
    EXPECT_EQ(show.at("definitions").at("plan").at(member), plan.at(member));
  for (const auto& [name, definition] : plan.at("definitions").items())
    EXPECT_EQ(show.at("definitions").at(name), definition) << name;
}

TEST(JsonSchemas, RefuseWhatIsNotInThem) {
  const Json good{{"schema", "gc/1"}, {"dry_run", true}, {"bytes", 0}, {"removed", Json::array()}};
  EXPECT_EQ(schema_violations("gc", good.dump()), "");
  for (const auto& change :
       std::vector<Json>{{{"schema", "gc/2"}}, {{"bytes", "0"}}, {{"dry_run", nullptr}}, {{"more", 1}}}) {
    Json bad = good;
    bad.merge_patch(change);
    EXPECT_NE(schema_violations("gc", bad.dump()), "") << bad;
  }
}

TEST_F(JsonOutput, OfCommandsThatOnlyRead) {
  expect_valid("list", {"list", "--all"});
  expect_valid("check", {"check"});
  expect_valid("doctor", {"doctor"}, {0, 3});
  expect_valid("lock", {"lock", "--check"}, {0, 1});
  for (const char* variant :
       {"simdkernels/cpu-avx2", "sm90-avx512", "cpu-armv9", "torchvision/cpu-avx2", "pytorch/main:cpu-avx2"})
    expect_valid("show", {"show", variant});
  expect_valid("plan", {"plan", "simdkernels/sm90-avx2", "simdkernels/sm90-avx512"});
  expect_valid("plan", {"plan", "sm90-avx512"});
  expect_valid("plan", {"build", "simdkernels/cpu-avx2", "--dry-run"});
}

TEST_F(JsonOutput, OfGenerate) {
  const std::vector<std::string> generate{"generate", "--product", "simdkernels", "--out", "r"};
  expect_valid("generate", generate);
  ASSERT_TRUE(
      write_file(directory_.path() / "r/simdkernels/1.0/cmake/simdkernels-cpu-avx2/recipe.json", "{}"));
  std::vector<std::string> check = generate;
  check.emplace_back("--check");
  expect_valid("generate", check, {1});
}

TEST_F(JsonOutput, OfCheckWhenTheMatrixIsNoText) {
  const fs::path matrix = directory_.path() / "matrix";
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "matrix", matrix));
  ASSERT_TRUE(write_file(matrix / "simdkernels.json", "{\"product\": \"\xff\"}"));
  expect_valid("check", {"check", "--matrix", matrix.string()}, {1});
}

TEST_F(JsonOutput, OfBranchesAndWhatTellsThemApart) {
  const fs::path matrix = directory_.path() / "matrix";
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "matrix", matrix));
  expect_valid("branch", {"branch", "new", "ort-9.9", "--from", "ort-1.24", "--version", "9.9.0", "--matrix",
                          matrix.string()});
  expect_valid("diff", {"diff", "ort-1.21", "ort-1.18"});
  expect_valid("diff", {"diff", "ort-1.24", "ort-1.24"});
}

TEST_F(JsonOutput, OfImport) {
  const fs::path recipe = directory_.path() / "onnxruntime-python313-cuda12_9-sm90-avx512.nix";
  ASSERT_TRUE(write_file(recipe, "{ pname = \"other\"; }"));
  expect_valid("import", {"import", directory_.path().string()}, {1});
}

TEST_F(JsonOutput, OfFetch) {
  FetchReport failed;
  failed.name = "onnx";
  failed.version = "1.16.0";
  failed.error = Error{ErrorKind::missing, "no origin answers", ""};
  const Json json{{"schema", "fetch/1"}, {"sources", Json::array({to_json(failed)})}};
  EXPECT_EQ(schema_violations("fetch", json.dump()), "");
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
  expect_valid("fetch", {"fetch", "simdkernels/cpu-avx2"});
}

TEST_F(JsonOutput, OfAnEmptyHome) {
  expect_valid("runs", {"runs"});
  expect_valid("log", {"log", "simdkernels/cpu-avx2"});
  expect_valid("gc", {"gc", "--dry-run"});
}

TEST_F(JsonOutput, OfARecord) {
  ASSERT_TRUE(make_directories(home()));
  const auto database = Database::open(home() / "state.db").value();
  const std::int64_t id = database->begin_run(some_run()).value();
  for (const auto& [step, status] :
       {std::pair{"core", "built"}, {"package", "failed"}, {"test", "not run"}}) {
    StepRecord record = some_step(id, step, status);
    record.branch = "1.0";
    ASSERT_TRUE(database->add_step(record));
  }
  expect_valid("runs", {"runs"});
  expect_valid("run", {"runs", std::to_string(id)});
  expect_valid("log", {"log", "simdkernels/cpu-avx2"});
  expect_valid("show", {"show", "simdkernels/cpu-avx2"});
  EXPECT_EQ(Json::parse(run({"show", "simdkernels/cpu-avx2"}).out).at("last_steps").size(), 3U);
}

TEST_F(JsonOutput, OfWhyIsAnArrayOfTheStepsItIsAskedFor) {
  const CallResult result = run({"why", "simdkernels/cpu-avx2"});
  ASSERT_EQ(result.code, 0) << result.err;
  const Json steps = Json::parse(result.out);
  ASSERT_TRUE(steps.is_array());
  EXPECT_EQ(steps.size(), 4U);
  for (const Json& step : steps) EXPECT_EQ(schema_violations("why", step.dump()), "");
}

}  // namespace
}  // namespace ortforge

// `ortforge test` without builds: what it refuses, and the import of results.
#include "support/call.hpp"
#include "support/json_schema.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kName = "simdkernels-cuda13_0-sm90-avx2";
const std::string kKey(64, 'a');

class TestCommandTest : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    return call({home(), directory_.path(), {}, nullptr}, std::move(arguments));
  }
  fs::path home() const { return directory_.path() / "home"; }

  // A result of one library in the store.
  void enter_result() {
    const fs::path output = directory_.path() / "output";
    ASSERT_TRUE(write_file(output / "lib/libsimdkernels.so", "library"));
    ASSERT_TRUE(write_file(output / "recipe/recipe.json", fmt::format(R"({{"variant": "{}"}})", kName)));
    ASSERT_TRUE(make_directories(home() / "store"));
    StoreEntry entry;
    entry.key = entry.content_key = kKey;
    entry.scope = "simdkernels-package";
    entry.artefacts = {{"lib/libsimdkernels.so", 7, sha256("library").hex()}};
    const auto committed = Store(home()).commit(entry, output);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  // Results of its tests, with the status of the one on the GPU.
  Json results(const std::string& status, const std::string& message) const {
    Json host = Json::object();
    for (const char* name : {"cpu", "cores", "platform", "kernel", "os", "glibc"}) host[name] = "x";
    host["gpu"] = "NVIDIA H200";
    host["compute_capability"] = "9.0";
    host["driver"] = "580";
    Json variant{{"product", "simdkernels"},
                 {"branch", "1.0"},
                 {"variant", kName},
                 {"result_key", kKey},
                 {"test_key", kKey},
                 {"result_scope", "simdkernels-package"},
                 {"test_scope", "simdkernels-test"}};
    variant["files"] = Json::array();
    variant["files"].push_back({{"path", "lib/libsimdkernels.so"}, {"sha256", sha256("library").hex()}});
    variant["tests"] = Json::array();
    variant["tests"].push_back({{"name", "selftest.cpu"}, {"status", "passed"}, {"ms", 5}, {"message", ""}});
    variant["tests"].push_back(
        {{"name", "gpu.selftest"}, {"status", status}, {"ms", 7}, {"message", message}});
    Json json{{"schema", "test-results/1"}, {"started_ms", 1764000000000}, {"finished_ms", 1764000009000}};
    json["host"] = host;
    json["libraries"] = Json::array();
    json["variants"] = Json::array();
    json["variants"].push_back(variant);
    return json;
  }

  CallResult take_in(const Json& json) {
    EXPECT_TRUE(write_file(directory_.path() / "r.json", json.dump()));
    return run({"test", "--import", "r.json", "--json"});
  }

  TemporaryDirectory directory_;
};

TEST_F(TestCommandTest, RefusesWhatDoesNotFitTogether) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"test"}, "no variant named"},
      {{"test", "--import", "r.json", "--pack", "a.tar.gz"}, "--pack and --import exclude each other"},
      {{"test", "--import", "r.json", "cpu-avx2"}, "--import takes the variants from the file; name none"},
      {{"test", "--import", "r.json"}, "--import: "}};
  for (const auto& [arguments, message] : cases) {
    const CallResult result = run(arguments);
    EXPECT_EQ(result.code, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(result.err, HasSubstr(message));
  }
}

TEST_F(TestCommandTest, BuildsNothing) {
  const CallResult result = run({"test", "simdkernels/cpu-avx2"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("simdkernels-cpu-avx2: its result is not in the store"));
  EXPECT_THAT(result.err, HasSubstr("run 'ortforge build simdkernels/1.0:simdkernels-cpu-avx2'"));
  const CallResult all = run({"test", "--all", "--product", "simdkernels", "--pack", "a.tar.zst"});
  EXPECT_EQ(all.code, 3);
  EXPECT_THAT(all.err, HasSubstr("none of these variants is built and tested here"));
}

TEST_F(TestCommandTest, ImportRecordsWhatAnotherMachineFound) {
  enter_result();
  const CallResult result = take_in(results("passed", ""));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(schema_violations("test", result.out), "");
  EXPECT_EQ(Json::parse(result.out).at("machine"), "NVIDIA H200, driver 580");

  const CallResult run_result = run({"runs", "1", "--json"});
  EXPECT_EQ(schema_violations("run", run_result.out), "") << run_result.err;
  const Json json = Json::parse(run_result.out);
  EXPECT_EQ(json.at("run").at("result"), "succeeded");
  EXPECT_EQ(json.at("run").at("host").at("gpu"), "NVIDIA H200");
  const Json& step = json.at("steps").at(0);
  EXPECT_EQ(step.at("step"), "test");
  EXPECT_EQ(step.at("status"), "built");
  EXPECT_EQ(step.at("environment"), "imported");
  const Json list =
      Json::parse(run({"list", "--product", "simdkernels", "--json", "sm==90 && isa==avx2"}).out);
  EXPECT_EQ(list.at(0).at("record"), "tested");
  EXPECT_THAT(run({"log", "simdkernels/sm90-avx2", "--step", "test"}).out, HasSubstr("gpu.selftest"));
}

TEST_F(TestCommandTest, AFailedTestFailsTheRun) {
  enter_result();
  const CallResult failed = take_in(results("failed", "FAIL gpu: built for sm80, this is sm90, no PTX"));
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.out, HasSubstr("gpu.selftest: FAIL gpu: built for sm80, this is sm90, no PTX"));
  EXPECT_EQ(Json::parse(run({"runs", "1", "--json"}).out).at("run").at("result"), "failed");
  const CallResult skipped = take_in(results("skipped", "no GPU here: no CUDA driver (libcuda.so.1)"));
  EXPECT_EQ(skipped.code, 0);
  EXPECT_EQ(Json::parse(skipped.out).at("variants").at(0).at("status"), "skipped");
  const CallResult list = run({"list", "--product", "simdkernels", "--json", "sm==90 && isa==avx2"});
  EXPECT_EQ(Json::parse(list.out).at(0).at("record"), "tested on the CPU");
}

TEST_F(TestCommandTest, ImportRefusesOtherLibrariesThanThoseOfTheStore) {
  EXPECT_EQ(take_in(results("passed", "")).code, 3) << "nothing in the store";
  enter_result();
  Json json = results("passed", "");
  json["variants"][0]["files"][0]["sha256"] = std::string(64, 'b');
  const CallResult other = take_in(json);
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("lib/libsimdkernels.so is another file"));
  json = results("passed", "");
  json["variants"][0]["variant"] = "simdkernels-cuda13_0-sm80-avx2";
  EXPECT_THAT(take_in(json).err, HasSubstr("the result of this key is simdkernels-cuda13_0-sm90-avx2"));
  json["variants"][0]["variant"] = "simdkernels-cuda13_0-sm1-avx2";
  EXPECT_THAT(take_in(json).err,
              HasSubstr("simdkernels/1.0:simdkernels-cuda13_0-sm1-avx2 is not in the matrix"));
  EXPECT_EQ(Json::parse(run({"runs", "--json"}).out).at("runs").size(), 0U) << "nothing is recorded";
}

}  // namespace
}  // namespace ortforge

// A real build with a CUDA toolkit that lies in a folder of this machine. The prefix made of wheels (105 MB,
// kept in the user's home) stands for one that NVIDIA's installer made.
#include "support/call.hpp"
#include "support/json_schema.hpp"
#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/installed_toolkit.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariant = "simdkernels/sm90-avx2";

class BuildInstalledToolkit : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
    SourceContext context;
    context.home = user_home();
    context.variables = own_environment();
    const Branch& branch = shipped_matrix().products.at("simdkernels").branches.at("1.0");
    const auto prefix = assemble_toolkit(branch.lines.at("cuda13_0").toolkit_sources, context);
    ORTFORGE_NEEDS(prefix.has_value(), prefix.error().message);
    folder_ = fs::canonical(prefix->path);
  }

  fs::path home() const { return directory_.path() / "home"; }

  // One call with the toolkit, without a network.
  CallResult run(std::vector<std::string> arguments) {
    fs::create_directories(directory_.path() / "here");
    for (const std::string& argument :
         {std::string("--environment"), std::string("host"), std::string("--toolkit"), folder_.string()})
      arguments.push_back(argument);
    return call({home(), directory_.path() / "here", {}, nullptr}, std::move(arguments));
  }

  TemporaryDirectory directory_;
  fs::path folder_;
};

TEST_F(BuildInstalledToolkit, TakesThePlaceOfWheels) {
  const CallResult planned = run({"plan", kVariant, "--offline", "--json"});
  ASSERT_EQ(planned.code, 0) << planned.err;
  EXPECT_EQ(schema_violations("plan", planned.out), "");
  const Json toolkit = Json::parse(planned.out).at("toolkit");
  EXPECT_EQ(toolkit.at("version"), "13.0.88");
  EXPECT_EQ(toolkit.at("folders"), Json::array({folder_.string()}));

  const CallResult fetched = run({"fetch", kVariant, "--offline", "--json"});
  ASSERT_EQ(fetched.code, 0) << fetched.err;
  EXPECT_EQ(schema_violations("fetch", fetched.out), "");
  EXPECT_EQ(Json::parse(fetched.out).at("sources").size(), 2U) << "simdkernels and the toolkit";

  const CallResult built = run({"build", kVariant, "--offline", "--json"});
  ASSERT_EQ(built.code, 0) << built.err << built.out;
  EXPECT_FALSE(fs::exists(home() / "sources")) << "no wheel was fetched";
  const fs::path result = directory_.path() / "here" / "result-simdkernels-cuda13_0-sm90-avx2";
  EXPECT_TRUE(fs::exists(result / "lib" / "libsimdkernels_cuda.so"));
  const Json provenance = read_json(result / "provenance.json").value();
  const Json& definition = provenance.at("predicate").at("buildDefinition");
  EXPECT_EQ(definition.at("externalParameters").at("toolkit"), Json::array({folder_.string()}));
  for (const Json& dependency : definition.at("resolvedDependencies")) {
    if (dependency.at("name") != "toolkit") continue;
    EXPECT_EQ(dependency.at("digest").at("listSha256"), toolkit.at("digest"));
  }

  const CallResult tested = run({"test", kVariant, "--json"});
  EXPECT_EQ(tested.code, 0) << tested.err << tested.out;
  const CallResult again = run({"build", kVariant, "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(Json::parse(again.out).at("variants").at(0).at("reused").get<bool>());
}

}  // namespace
}  // namespace ortforge

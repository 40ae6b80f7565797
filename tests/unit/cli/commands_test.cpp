// Commands that need nothing but the matrix.
#include <filesystem>

#include "support/call.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

class Commands : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    return call({directory_.path(), {}, variables_, nullptr}, std::move(arguments));
  }

  TemporaryDirectory directory_;
  std::map<std::string, std::string> variables_;
};

TEST_F(Commands, ListCountsTheVariantsOfEveryBranch) {
  const std::map<std::string, std::size_t> counts{{"main", 66},     {"ort-1.24", 66}, {"ort-1.23", 66},
                                                  {"ort-1.22", 50}, {"ort-1.20", 50}, {"ort-1.19", 50},
                                                  {"ort-1.18", 50}, {"ort-1.21", 66}};
  for (const auto& [branch, count] : counts) {
    const CallResult result = run({"list", "--branch", branch, "--json"});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(Json::parse(result.out).size(), count) << branch;
  }
}

TEST_F(Commands, ListFitsEightyColumns) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"list"},
        {"list", "--all"},
        {"plan", "--filter", "accelerator==cpu", "--product", "simdkernels"},
        {"plan", "--filter", "accelerator==cpu", "--product", "torchvision"},
        {"show", "torchvision/cpu-avx2"},
        {"show", "pytorch/cuda-13_0:sm90-avx512"},
        {"show", "sm90-avx512"},
        {"show", "cpu-armv9"}}) {
    const CallResult result = run(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    for (const std::string& line : split(result.out, '\n')) {
      std::size_t width = 0;
      for (const char c : line) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
      EXPECT_LE(width, 80U) << line;
    }
  }
}

TEST_F(Commands, AFilterThatNothingPassesIsNoError) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"list", "sm==1"}, {"plan", "--filter", "sm==1"}}) {
    const CallResult result = run(arguments);
    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "no variant passes the filter\n");
  }
  EXPECT_EQ(run({"list", "sm==1", "--json"}).out, "[]\n");
  EXPECT_EQ(run({"list", "sm==1", "--names"}).out, "");
}

TEST_F(Commands, PlanCountsWhatItLeavesOut) {
  const std::vector<std::string> arguments{"plan", "--product", "simdkernels", "--filter",
                                           "isa==avx2 && accelerator==cpu"};
  EXPECT_NE(run(arguments).out.find("\n1 variant, 4 steps, 4 to run: "), std::string::npos);
  const CallResult skipping = run({"plan", "--filter", "platform==aarch64-linux && cuda==13.0 && sm==90"});
  EXPECT_EQ(skipping.out, "2 skipped: for aarch64-linux\n");
  EXPECT_EQ(skipping.err, "");
  const CallResult each = run({"plan", "-v", "--filter", "platform==aarch64-linux && cuda==13.0 && sm==90"});
  EXPECT_EQ(each.out,
            "skipped: onnxruntime-python313-cuda13_0-sm90-armv8_2: for aarch64-linux\n"
            "skipped: onnxruntime-python313-cuda13_0-sm90-armv9: for aarch64-linux\n");
  const std::vector<std::string> dry{"build", "--dry-run", "--filter",
                                     "platform==aarch64-linux && cuda==13.0 && sm==90"};
  EXPECT_EQ(run(dry).out, skipping.out);
  std::vector<std::string> verbose = dry;
  verbose.emplace_back("-v");
  EXPECT_EQ(run(verbose).out, each.out) << "as plan says it";
}

TEST_F(Commands, BranchComesFromFlagThenVariableThenProjectFile) {
  ASSERT_TRUE(write_file(directory_.path() / "ortforge.json", R"({"branch": "ort-1.18"})"));
  const auto branch = [&](const std::vector<std::string>& arguments) {
    return Json::parse(run(arguments).out).at(0).at("branch").get<std::string>();
  };
  EXPECT_EQ(branch({"list", "--json"}), "ort-1.18");
  variables_["ORTFORGE_BRANCH"] = "ort-1.20";
  EXPECT_EQ(branch({"list", "--json"}), "ort-1.20");
  EXPECT_EQ(branch({"list", "--json", "--branch", "main"}), "main");
}

TEST_F(Commands, ABranchThatNoFlagSaysIsNotAskedOfOtherProducts) {
  ASSERT_TRUE(write_file(directory_.path() / "ortforge.json", R"({"branch": "ort-1.24"})"));
  const auto branch = [&](const std::string& variant) {
    const CallResult result = run({"show", variant, "--json"});
    return result.code == 0 ? Json::parse(result.out).at("branch").get<std::string>() : result.err;
  };
  for (int source = 0; source < 2; ++source) {
    EXPECT_EQ(branch("cpu-avx2"), "ort-1.24");
    EXPECT_EQ(branch("ort-1.22:cpu-avx2"), "ort-1.22") << "a default does not contradict a name";
    EXPECT_EQ(branch("simdkernels/cpu-avx2"), "1.0");
    EXPECT_EQ(branch("simdkernels-cpu-avx2"), "1.0");
    EXPECT_EQ(run({"list", "--product", "simdkernels"}).code, 0);
    ASSERT_TRUE(write_file(directory_.path() / "ortforge.json", "{}"));
    variables_["ORTFORGE_BRANCH"] = "ort-1.24";
  }
}

TEST_F(Commands, NoColoursWithoutATerminal) {
  EXPECT_EQ(run({"show", "nothing-like-it"}).err.find('\033'), std::string::npos);
}

TEST_F(Commands, CheckFindsTheShippedMatrixSound) {
  const CallResult result = run({"check", "--json"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(Json::parse(result.out).at("schema"), "check/1");
  EXPECT_EQ(run({"check"}).out, "the matrix is sound\n");
  EXPECT_EQ(run({"check", "-q"}).out, "");
  const std::string notes = run({"check", "-v"}).out;
  EXPECT_TRUE(notes.starts_with("note: matrix/onnxruntime.json: $.branches[\"ort-1.21\"]: 66 ")) << notes;
}

TEST_F(Commands, PlanSharesTheProviderOfTwoCores) {
  const CallResult result = run({"plan", "simdkernels/sm90-avx2", "simdkernels/sm90-avx512", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::size_t providers = 0;
  const Json plan = Json::parse(result.out);
  for (const Json& step : plan.at("steps")) {
    if (step.at("step") == "provider") {
      ++providers;
      EXPECT_EQ(step.at("variants").size(), 2U);
    }
  }
  EXPECT_EQ(providers, 1U);
  EXPECT_LT(plan.at("expected_cpu_ms").get<long long>(), plan.at("separate_cpu_ms").get<long long>());
  long long own = 0;
  for (const Json& entry : plan.at("results")) {
    EXPECT_LT(entry.at("own_cpu_ms").get<long long>(), entry.at("alone_cpu_ms").get<long long>());
    own += entry.at("own_cpu_ms").get<long long>();
  }
  EXPECT_LT(own, plan.at("expected_cpu_ms").get<long long>()) << "the provider serves both";
  const CallResult text = run({"plan", "simdkernels/sm90-avx2", "simdkernels/sm90-avx512"});
  EXPECT_NE(text.out.find("2 variants from 3 builds (2 core, 1 provider):\n"), std::string::npos) << text.out;
}

TEST_F(Commands, PlanOfAVariantThatIsBuiltOnAnotherHasTheStepsOfBoth) {
  const CallResult result = run({"plan", "torchvision/cpu-avx2", "--json"});
  if (result.code == 3) GTEST_SKIP() << "not for this machine: " << result.err;
  ASSERT_EQ(result.code, 0) << result.err;
  const Json plan = Json::parse(result.out);
  std::map<std::string, Json> steps;
  for (const Json& step : plan.at("steps")) steps[step.at("scope").get<std::string>()] = step;
  EXPECT_EQ(steps.size(), 7U) << "the PyTorch that is only needed is not tested";
  const std::string pytorch = "pytorch-2.6.0-package-cpu-avx2-python313";
  ASSERT_TRUE(steps.contains(pytorch));
  EXPECT_EQ(steps.at(pytorch).at("variants"), Json::array({"pytorch-python313-cpu-avx2"}));
  EXPECT_EQ(steps.at("torchvision-0.21.0-core-cpu-avx2-python313").at("needs"),
            Json::array({"torchvision-0.21.0-prepare", pytorch}));
  ASSERT_EQ(plan.at("results").size(), 1U);
  EXPECT_EQ(plan.at("results")[0].at("alone_cpu_ms"), plan.at("separate_cpu_ms"));
  const CallResult text = run({"plan", "torchvision/cpu-avx2", "pytorch/cpu-avx2", "torchvision/cpu-avx512"});
  EXPECT_NE(text.out.find("pytorch core-cpu-avx512"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("3 variants from 4 builds"), std::string::npos) << text.out;
  EXPECT_EQ(run({"why", "torchvision/cpu-avx2", "--step", "pytorch.core"}).code, 0);
  EXPECT_EQ(run({"why", "torchvision/cpu-avx2", "--step", "pytorch.cor"}).err,
            "error: --step pytorch.cor: no such step (did you mean 'pytorch.core'?); the steps are: "
            "pytorch.prepare, pytorch.core, pytorch.package, prepare, core, package, test\n");
}

TEST_F(Commands, ABranchForNixAloneIsShownAndNotBuilt) {
  EXPECT_EQ(
      run({"build", "pytorch/cuda-13_0:sm90-avx512", "--dry-run"}).err,
      "error: pytorch-python313-cuda13_0-sm90-avx512 is infeasible: the branch offers no recipes for CMake "
      "(rule backend-absent)\n");
  const CallResult shown = run({"show", "torchvision/cuda-13_0:sm90-avx512"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_NE(shown.out.find("built on      pytorch/cuda-13_0:pytorch-python313-cuda13_0-sm90-avx512\n"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(Json::parse(run({"list", "--all", "--json"}).out).size(), 464U + 45U + 162U + 162U);
}

TEST_F(Commands, CtrlCEndsThoseThatLookAtTheMachine) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"plan", "simdkernels/cpu-avx2"},
                                                    {"show", "simdkernels/cpu-avx2"},
                                                    {"why", "simdkernels/cpu-avx2"},
                                                    {"fetch", "simdkernels/cpu-avx2"},
                                                    {"doctor"}}) {
    Interrupt interrupt;
    interrupt.request();
    const CallResult result = call({directory_.path(), {}, variables_, &interrupt}, arguments);
    EXPECT_EQ(result.code, 130) << arguments.front() << result.err;
    EXPECT_EQ(result.out, "") << arguments.front();
  }
}

TEST_F(Commands, GenerateWritesThenFindsNothingToChange) {
  const CallResult one = run({"generate", "simdkernels/cpu-avx2", "--out", "one"});
  EXPECT_TRUE(one.out.starts_with("1 recipe of 1 branch in ")) << one.out;
  ASSERT_EQ(run({"generate", "--product", "simdkernels", "--out", "r"}).code, 0);
  EXPECT_EQ(run({"generate", "--product", "simdkernels", "--out", "r", "--check"}).code, 0);
  const auto file = directory_.path() / "r/simdkernels/1.0/cmake/simdkernels-cpu-avx2/toolchain/core.cmake";
  ASSERT_TRUE(write_file(file, read_file(file).value() + "# edited\n"));
  const CallResult changed = run({"generate", "--product", "simdkernels", "--out", "r", "--check"});
  EXPECT_EQ(changed.code, 1);
  EXPECT_NE(changed.out.find("different: "), std::string::npos) << changed.out;
  EXPECT_EQ(read_file(file)->substr(read_file(file)->size() - 9), "# edited\n") << "--check writes nothing";
}

TEST_F(Commands, RunsAndLogsOfAnEmptyHome) {
  EXPECT_EQ(run({"runs"}).code, 0);
  EXPECT_EQ(run({"runs", "7"}).code, 2);
  const CallResult log = run({"log", "cpu-avx2"});
  EXPECT_EQ(log.code, 2);
  EXPECT_EQ(log.err, "error: no log of cpu-avx2 on record; 'ortforge build cpu-avx2' makes one\n");
  EXPECT_EQ(run({"gc"}).code, 0);
}

TEST_F(Commands, CompletionNamesEveryCommand) {
  const CallResult help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const CallResult result = run({"completion", shell});
    EXPECT_EQ(result.code, 0);
    EXPECT_NE(result.out.find("build"), std::string::npos);
    EXPECT_NE(result.out.find("github gitlab"), std::string::npos);
  }
  EXPECT_EQ(run({"completion", "tcsh"}).code, 2);
  EXPECT_EQ(run({"completion"}).err, "error: name a shell: bash, zsh or fish\n");
  EXPECT_NE(run({"completion", "--variants"}).out.find("sm90-avx512\n"), std::string::npos);
  EXPECT_EQ(run({"--version"}).out, "ortforge " + ortforge_version() + "\n");
}

}  // namespace
}  // namespace ortforge

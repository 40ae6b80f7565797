// Bad input has its own message and exit code, and changes nothing.
#include <filesystem>

#include "support/call.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class BadInput : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) {
    return call({directory_.path(), {}, variables_, nullptr}, std::move(arguments));
  }

  // A copy of the shipped matrix in which one text is replaced by another.
  std::string edited_matrix(const std::string& file, const std::string& from, const std::string& to) {
    const fs::path copy = directory_.path() / "copy" / "matrix";
    fs::create_directories(copy.parent_path());
    EXPECT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "matrix", copy));
    std::string text = read_file(copy / file).value();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_TRUE(write_file(copy / file, text));
    return copy.string();
  }

  TemporaryDirectory directory_;
  std::map<std::string, std::string> variables_;
};

TEST_F(BadInput, UnknownVariantNamesTheNearest) {
  const CallResult result = run({"show", "cpu-avx521"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("cpu-avx521"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("cpu-avx512"), std::string::npos) << result.err;
  EXPECT_EQ(result.out, "");
}

TEST_F(BadInput, UnknownBranchNamesTheNearest) {
  const CallResult result = run({"list", "--branch", "ort-1.42"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("ort-1.24"), std::string::npos) << result.err;
}

TEST_F(BadInput, UnknownFilterFieldNamesTheNearest) {
  const CallResult result = run({"list", "smm>=90"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("'sm'"), std::string::npos) << result.err;
}

TEST_F(BadInput, ANameInPlaceOfAFilterIsAnsweredWithTheExpression) {
  const auto hint = [&](const std::string& filter) {
    const CallResult result = run({"list", filter});
    EXPECT_EQ(result.code, 2);
    return result.err.substr(result.err.find('\n') + 1);
  };
  EXPECT_EQ(hint("cpu-avx2"), "  a filter is an expression: short_name==cpu-avx2\n");
  EXPECT_EQ(hint("onnxruntime-python313-cpu-avx2"),
            "  a filter is an expression: name==onnxruntime-python313-cpu-avx2\n");
  EXPECT_EQ(hint("sm90"), "  a filter is an expression: short_name=~sm90\n");
  EXPECT_EQ(hint("nothing-like-it"), "");
  EXPECT_EQ(run({"list", "short_name==cpu-avx2"}).code, 0);
}

TEST_F(BadInput, UnknownCommandAndOption) {
  EXPECT_EQ(run({"biuld", "cpu-avx2"}).code, 2);
  EXPECT_NE(run({"biuld", "cpu-avx2"}).err.find("unknown command 'biuld' (did you mean 'build'"),
            std::string::npos);
  EXPECT_EQ(run({}).code, 2);
}

TEST_F(BadInput, UsageErrorsNameTheNearestOptionAndTheHelpOfTheCommand) {
  const auto message = [&](std::vector<std::string> arguments) {
    const CallResult result = run(std::move(arguments));
    EXPECT_EQ(result.code, 2);
    return result.err;
  };
  const std::string misspelt = message({"build", "cpu-avx2", "--ofline=1"});
  EXPECT_TRUE(misspelt.starts_with("error: unknown option '--ofline' (did you mean '--offline'")) << misspelt;
  EXPECT_TRUE(misspelt.ends_with("?)\n  see 'ortforge build --help'\n")) << misspelt;
  EXPECT_EQ(message({"--home", directory_.path().string(), "runs", "1", "2"}),
            "error: runs does not take '2'\n  see 'ortforge runs --help'\n");
  EXPECT_EQ(message({"--no-such-option-at-all"}),
            "error: unknown option '--no-such-option-at-all'\n  see 'ortforge --help'\n");
  EXPECT_EQ(message({"show"}), "error: VARIANT is required\n  see 'ortforge show --help'\n");
}

TEST_F(BadInput, AnUnknownEnvironmentIsAnsweredWithThoseThereAre) {
  EXPECT_EQ(run({"plan", "simdkernels/cpu-avx2", "--environment", "xx"}).err,
            "error: unknown environment 'xx'; environments: debian-trixie, debian-trixie-cuda12_4, "
            "debian-trixie-torch, host\n");
}

TEST_F(BadInput, SyntaxErrorsNameLineAndColumn) {
  const std::string matrix = edited_matrix("onnxruntime.json", "\"format\": 1,", "\"format\" 1,");
  const CallResult result = run({"--matrix", matrix, "list"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("onnxruntime.json:3:"), std::string::npos) << result.err;
}

TEST_F(BadInput, SchemaErrorsNameTheJsonPath) {
  const std::string matrix = edited_matrix("onnxruntime.json", "\"version\": \"1.21.0\"", "\"version\": 121");
  const CallResult result = run({"--matrix", matrix, "list"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("$.branches[\"ort-1.21\"].version: expected a string, found an integer"),
            std::string::npos)
      << result.err;
  const CallResult check = run({"--matrix", matrix, "check", "-q"});
  EXPECT_EQ(check.code, 1);
  EXPECT_NE(check.out.find("error: matrix/onnxruntime.json: $.branches[\"ort-1.21\"].version: "),
            std::string::npos)
      << check.out;
  EXPECT_TRUE(check.out.ends_with(" error\n") || check.out.ends_with(" errors\n")) << check.out;
  EXPECT_EQ(run({"--matrix", matrix + "/", "check", "-q"}).out, check.out);
}

TEST_F(BadInput, ComponentsThatNeedEachOtherAndAxesNobodyHas) {
  const std::string place = ": $.branches[\"1.0\"].pipeline(composed).core.";
  const std::string circle =
      edited_matrix("simdkernels.json", R"("needs": ["prepare"])", R"("needs": ["prepare", "package"])");
  const CallResult needs = run({"--matrix", circle, "plan", "simdkernels/cpu-avx2"});
  EXPECT_EQ(needs.code, 2);
  EXPECT_EQ(needs.err, "error: " + circle + "/simdkernels.json" + place +
                           "needs: needs itself: core -> package -> core\n");
  fs::remove_all(circle);
  const std::string axes =
      edited_matrix("simdkernels.json", R"("axes": ["isa", "platform"])", R"("axes": ["isa", "python"])");
  const CallResult check = run({"--matrix", axes, "check", "-q"});
  EXPECT_EQ(check.code, 1);
  EXPECT_EQ(check.out, "error: matrix/simdkernels.json" + place +
                           "axes: no variant has the axis 'python': no branch of this pipeline has a line "
                           "with 'python'\n1 error\n");
}

TEST_F(BadInput, InfeasibleVariantsSayRuleAndFact) {
  const CallResult result = run({"plan", "ort-1.24:onnxruntime-python312-cuda12_4-sm100-avx2"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("nvcc 12.4 has no sm_100"), std::string::npos) << result.err;
}

TEST_F(BadInput, VariantsOfAnotherPlatformAreRefusedByName) {
  const CallResult result = run({"plan", "cpu-armv9"});
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(result.err.find("aarch64-linux"), std::string::npos) << result.err;
}

TEST_F(BadInput, AToolkitThatNobodyHasIsRefusedByNameAndSkippedOtherwise) {
  const CallResult result = run({"build", "ort-1.24:sm90-avx512"});
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(
      result.err.find("onnxruntime-python313-cuda12_9-sm90-avx512 needs CUDA 12.9, and line cuda12_9 names "
                      "no wheels of it"),
      std::string::npos)
      << result.err;
  const CallResult all = run({"build", "--branch", "ort-1.24", "--all", "--dry-run", "--json"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(all.out.find("cuda12_9"), std::string::npos);
}

TEST_F(BadInput, AnInstalledToolkitIsForEnvironmentsThatShowIt) {
  const std::string folder = (directory_.path() / "cuda").string();
  const std::string message =
      "error: onnxruntime-python313-cuda13_0-sm90-avx512 is built in debian-trixie, which does not show the "
      "folders of an installed toolkit\n  say --environment host, or name no toolkit: --toolkit, "
      "ORTFORGE_TOOLKIT, \"toolkit\" in ortforge.json\n";
  const CallResult named = run({"plan", "sm90-avx512", "--toolkit", folder});
  EXPECT_EQ(named.code, 2);
  EXPECT_EQ(named.err, message);
  EXPECT_EQ(run({"build", "cpu-avx2", "--toolkit", folder}).code, 2);
  variables_["ORTFORGE_TOOLKIT"] = folder;
  EXPECT_EQ(run({"plan", "sm90-avx512"}).err, message);
  EXPECT_EQ(run({"plan", "cpu-avx2"}).code, 0) << "it needs none";
  const CallResult absent = run({"plan", "sm90-avx512", "--environment", "host"});
  EXPECT_EQ(absent.code, 2);
  EXPECT_EQ(absent.err, "error: toolkit " + folder + ": no such folder\n");
}

TEST_F(BadInput, AnInstalledToolkitMustBeOfTheLinesRelease) {
  const fs::path folder = fs::canonical(directory_.path()) / "cuda";
  ASSERT_TRUE(write_file(folder / "bin/nvcc", "#!/bin/sh\necho release 12.9, V12.9.41\n", true));
  const CallResult named = run({"plan", "simdkernels/sm90-avx2", "--toolkit", folder.string()});
  EXPECT_EQ(named.code, 3);
  EXPECT_EQ(named.err, "error: simdkernels-cuda13_0-sm90-avx2 needs CUDA 13.0, and the toolkit in " +
                           folder.string() +
                           " is 12.9.41\n  name the folder of a CUDA 13.0, or choose a line of CUDA 12.9\n");
  const CallResult all =
      run({"plan", "--all", "--product", "simdkernels", "--toolkit", folder.string(), "--json"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(all.out.find("cuda13_0"), std::string::npos) << "they are left out";
  ASSERT_TRUE(write_file(folder / "bin/nvcc", "#!/bin/sh\necho release 13.0, V13.0.88\n", true));
  const CallResult wheel = run({"plan", "simdkernels/sm90-avx2", "--toolkit", folder.string(), "--source",
                                "nvidia-nvvm=" + folder.string()});
  EXPECT_EQ(wheel.code, 2);
  EXPECT_EQ(wheel.err, "error: --source nvidia-nvvm: no such source; the sources are: simdkernels\n");
}

TEST_F(BadInput, AnInstalledToolkitMustHaveWhatTheLinesWheelsAreFor) {
  const fs::path top = fs::canonical(directory_.path());
  ASSERT_TRUE(write_file(top / "cuda/bin/nvcc", "#!/bin/sh\necho release 13.0, V13.0.88\n", true));
  ASSERT_TRUE(write_file(top / "cudnn/include/cudnn_version.h", ""));
  const auto plan = [&] {
    return run({"plan", "sm90-avx512", "--environment", "host", "--toolkit", (top / "cuda").string(),
                "--toolkit", (top / "cudnn").string()});
  };
  const CallResult refused = plan();
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.err,
            "error: onnxruntime-python313-cuda13_0-sm90-avx512 needs include/cudnn.h, and the toolkit in " +
                (top / "cuda").string() + ":" + (top / "cudnn").string() +
                " has none\n  name the folder that has it as well: --toolkit DIR\n");
  ASSERT_TRUE(write_file(top / "cudnn/include/cudnn.h", ""));
  EXPECT_EQ(plan().err.find("cudnn.h"), std::string::npos);
}

TEST_F(BadInput, AMissingMatrixSaysHowToNameOne) {
  EXPECT_EQ(run({"--matrix", "/absent", "list"}).code, 3);
}

TEST_F(BadInput, OverridesMustNameASourceAndAFolder) {
  EXPECT_EQ(run({"plan", "cpu-avx2", "--source", "onnx"}).code, 2);
  EXPECT_EQ(run({"plan", "cpu-avx2", "--source", "onnx=/absent"}).code, 2);
  const CallResult result = run({"plan", "cpu-avx2", "--source", "onx=" + directory_.path().string()});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("did you mean 'onnx'"), std::string::npos) << result.err;
}

TEST_F(BadInput, OverridesMayNameAWheelOfTheToolkitOfTheVariantsLine) {
  const std::string folder = directory_.path().string();
  const CallResult known = run({"plan", "simdkernels/sm90-avx2", "--source", "nvidia-nvvm=" + folder});
  EXPECT_EQ(known.code, 0) << known.err;
  const CallResult misspelt = run({"plan", "simdkernels/sm90-avx2", "--source", "nvidia-nvm=" + folder});
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_NE(misspelt.err.find("did you mean 'nvidia-nvvm'"), std::string::npos) << misspelt.err;
  const CallResult other = run({"plan", "simdkernels/cpu-avx2", "--source", "nvidia-nvvm=" + folder});
  EXPECT_EQ(other.code, 2) << "a CPU variant has no toolkit";
}

TEST_F(BadInput, AnUnknownStepIsAnsweredWithThoseThereAre) {
  const CallResult result = run({"why", "simdkernels/cpu-avx2", "--step", "foo"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err, "error: --step foo: no such step; the steps are: prepare, core, package, test\n");
}

TEST_F(BadInput, NothingNamedIsAnError) {
  const CallResult result = run({"build"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("no variant named"), std::string::npos) << result.err;
  EXPECT_EQ(run({"build", "cpu-avx2", "--all"}).code, 2);
  EXPECT_EQ(run({"build", "cpu-avx2", "-j", "-1"}).code, 2);
}

TEST_F(BadInput, ATimeNeedsAUnit) {
  for (const char* text : {"30", "0s", "5m", "soon"}) {
    const CallResult result = run({"build", "simdkernels/cpu-avx2", "--step-timeout", text});
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.err,
              "error: --step-timeout " + std::string(text) + ": expected a time such as 90s, 30min or 2h\n");
  }
}

TEST_F(BadInput, ACacheSizeThatIsNone) {
  for (const char* text : {"lots", "0", "-1", "20GB"}) {
    variables_["ORTFORGE_CACHE_SIZE"] = text;
    const CallResult result = run({"build", "simdkernels/cpu-avx2"});
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(result.err.starts_with("error: ORTFORGE_CACHE_SIZE=" + std::string(text) +
                                       ": expected a size such as 20G or 500M\n"))
        << result.err;
  }
}

TEST_F(BadInput, ASizeIsANumberWithAUnit) {
  for (const char* text : {"0", "12 G", "12GB", "all"}) {
    const CallResult result = run({"build", "simdkernels/cpu-avx2", "--memory", text});
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.err, "error: --memory " + std::string(text) + ": expected a size such as 12G or 500M\n");
  }
  EXPECT_EQ(run({"gc", "--max-size", "20 G"}).err,
            "error: --max-size 20 G: expected a size such as 20G or 500M\n");
}

TEST_F(BadInput, AnUnknownTemplateKeyNamesTemplateLineAndKey) {
  const fs::path root = directory_.path() / "copy";
  ASSERT_TRUE(make_directories(root));
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "matrix", root / "matrix"));
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "templates", root / "templates"));
  const fs::path file = root / "templates" / "cmake" / "toolchain.cmake.mustache";
  ASSERT_TRUE(write_file(file, read_file(file).value() + "# {{flagz}}\n"));
  const CallResult result = run({"--matrix", (root / "matrix").string(), "generate", "cpu-avx2"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("toolchain.cmake.mustache:"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("'flagz'"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(directory_.path() / "recipes")) << "nothing is half written";
}

TEST_F(BadInput, AProjectFileWithAnUnknownMemberIsRefused) {
  ASSERT_TRUE(write_file(directory_.path() / "ortforge.json", R"({"brnch": "main"})"));
  const CallResult result = run({"list"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("unknown member 'brnch' (did you mean 'branch'?)"), std::string::npos)
      << result.err;
}

TEST_F(BadInput, WithoutProgramsABuildSaysWhichPackageHelps) {
  const fs::path empty = directory_.path() / "empty";
  fs::create_directories(empty);
  variables_["PATH"] = empty.string();
  const CallResult result = run({"build", "simdkernels/cpu-avx2"});
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_NE(result.err.find("apt-get install"), std::string::npos) << result.err;
}

TEST_F(BadInput, ARemoteStoreIsNamedAsItCanBeReached) {
  const auto said = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"build", "simdkernels/cpu-avx2"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const CallResult result = run(std::move(arguments));
    EXPECT_EQ(result.code, 2) << result.err;
    return result.err;
  };
  EXPECT_EQ(said({"--push"}),
            "error: --push: no remote store is named\n"
            "  name one with --remote, ORTFORGE_REMOTE or \"remote\" in ortforge.json\n");
  EXPECT_EQ(said({"--remote", "ftp://ci/x"}),
            "error: remote store ftp://ci/x: expected a folder or an address with http or https\n");
  EXPECT_EQ(said({"--remote", "https://me:secret@ci/x", "--offline"}),
            "error: --offline and the remote store https://ci/x exclude each other\n");
  EXPECT_FALSE(fs::exists(directory_.path() / "work")) << "nothing is made";
}

}  // namespace
}  // namespace ortforge

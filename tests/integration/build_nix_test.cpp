// Builds with a real Nix in a store of its own. The recipes are those that are shipped, byte for byte; the
// package set stands for nixpkgs (tests/data/nixpkgs-fixture) and compiles small files with this machine's
// compiler.
#include <chrono>
#include <csignal>
#include <thread>

#include "support/call.hpp"
#include "support/json_schema.hpp"
#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAvx512 = "onnxruntime-python313-cpu-avx512";
constexpr const char* kAvx2 = "onnxruntime-python313-cpu-avx2";

class BuildNix : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"nix-store", "nix-instantiate", "c++"})
      ORTFORGE_NEEDS(has_program(program), program);
    const auto host = detect_host();
    ASSERT_TRUE(host);
    if (host->platform != "x86_64-linux") GTEST_SKIP() << "the variants built here are for x86-64";
    fs::create_directories(here());
    write(place("conf/nix.conf"), "sandbox = false\nsubstituters =\nbuild-users-group =\n");
    packages("verify = false;");
  }

  fs::path place(const std::string& path) const { return directory_.path() / path; }
  fs::path here() const { return place("here"); }
  static void write(const fs::path& file, const std::string& text) { ASSERT_TRUE(write_file(file, text)); }

  // The package set with some of its arguments set.
  void packages(const std::string& arguments, const std::string& around = "{}") const {
    const std::string fixture = std::string(TEST_SOURCE_DIR) + "/tests/data/nixpkgs-fixture";
    const std::string set = "(import " + fixture + " (args // { " + arguments + " }))";
    write(place("nixpkgs/default.nix"), "args: " + fmt::format(fmt::runtime(around), set) + "\n");
  }
  // The package set in which the build of a package begins with lines of shell.
  void trouble(const std::string& name, const std::string& lines) const {
    packages("verify = false; trouble = name: if name == \"" + name + "\" then ''" + lines + "'' else \"\";");
  }

  std::map<std::string, std::string> variables() const {
    return {{"HOME", place("user").string()},
            {"NIX_STORE_DIR", place("nix/store").string()},
            {"NIX_STATE_DIR", place("nix/var").string()},
            {"NIX_LOG_DIR", place("nix/log").string()},
            {"NIX_CONF_DIR", place("conf").string()}};
  }

  CallResult run(std::vector<std::string> arguments, Interrupt* interrupt = nullptr) const {
    return call({place("home"), here(), variables(), interrupt}, std::move(arguments));
  }
  static std::vector<std::string> build_arguments(const fs::path& set, std::vector<std::string> more) {
    std::vector<std::string> arguments{"build", "--backend", "nix", "--nixpkgs", set.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  CallResult build(std::vector<std::string> more, Interrupt* interrupt = nullptr) const {
    return run(build_arguments(place("nixpkgs"), std::move(more)), interrupt);
  }

  // Of the newest run.
  Json steps_on_record() const {
    const CallResult runs = run({"runs", "--json"});
    const Json newest = Json::parse(runs.out).at("runs").at(0).at("id");
    const CallResult one = run({"runs", std::to_string(newest.get<int>()), "--json"});
    EXPECT_EQ(schema_violations("run", one.out), "");
    return Json::parse(one.out).at("steps");
  }
  static Json step(const Json& steps, const std::string& name) {
    for (const Json& each : steps) {
      if (each.at("step") == name) return each;
    }
    return {};
  }

  TemporaryDirectory directory_;
};

TEST_F(BuildNix, AResultIsWhatItsVariantSays) {
  const CallResult planned = build({"ort-1.24:cpu-avx512", "--dry-run", "--json"});
  ASSERT_EQ(planned.code, 0) << planned.err;
  EXPECT_EQ(schema_violations("nix-plan", planned.out), "");
  EXPECT_EQ(Json::parse(planned.out).at("variants").at(0).at("state"), "would be built");
  EXPECT_FALSE(fs::exists(place("home/state.db"))) << "nothing is on record of a dry run";

  const CallResult built = build({"ort-1.24:cpu-avx512", "--json", "-j", "2", "--cores", "1"});
  ASSERT_EQ(built.code, 0) << built.err;
  EXPECT_EQ(schema_violations("build", built.out), "");
  EXPECT_THAT(built.err, HasSubstr("built  onnxruntime-1.24.2: "));
  const fs::path link = here() / (std::string("result-ort-1.24-") + kAvx512);
  ASSERT_TRUE(fs::is_symlink(link)) << built.out;
  EXPECT_EQ(fs::read_symlink(link).parent_path(), place("nix/store"));
  const std::string library = read_file(link / "lib" / "libonnxruntime.so").value();
  EXPECT_THAT(library, HasSubstr("compiled for AVX512"));
  for (const std::string& flag : shipped_matrix().hardware.isas.at("avx512").flags)
    EXPECT_THAT(library, HasSubstr(flag)) << "recorded by the compiler";
  EXPECT_THAT(read_file(link / "lib" / "cmake-flags").value(),
              HasSubstr("-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"));

  const Json steps = steps_on_record();
  const Json core = step(steps, "onnxruntime-1.24.2");
  ASSERT_TRUE(core.is_object()) << steps.dump(1);
  EXPECT_EQ(core.at("status"), "built");
  EXPECT_EQ(core.at("variants"), Json::array({kAvx512}));
  EXPECT_THAT(core.at("derivation").get<std::string>(), testing::EndsWith("-onnxruntime-1.24.2.drv"));
  const Json result = step(steps, "nix");
  EXPECT_EQ(result.at("role"), "result");
  EXPECT_EQ(result.at("status"), "built");
  EXPECT_EQ(result.at("store_path"), fs::read_symlink(link).string());
  EXPECT_THAT(result.at("output_digest").get<std::string>(), testing::StartsWith("sha256-"));
  EXPECT_THAT(result.at("tools").at("nix").get<std::string>(), HasSubstr("Nix"));
  EXPECT_THAT(run({"log", "ort-1.24:cpu-avx512", "--step", "onnxruntime-1.24.2"}).out,
              HasSubstr("buildPhase\n"));

  const CallResult again = build({"ort-1.24:cpu-avx512", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(Json::parse(again.out).at("variants").at(0).at("reused").get<bool>());
  EXPECT_EQ(steps_on_record().size(), 1U) << "no derivation was built";
  EXPECT_THAT(build({"ort-1.24:cpu-avx512", "--dry-run"}).out, HasSubstr("in the store"));
}

TEST_F(BuildNix, ATorchVisionIsLinkedWithItsOwnTorch) {
  const CallResult built = build({"torchvision/main:cpu-avx2"});
  ASSERT_EQ(built.code, 0) << built.err;
  const Json steps = steps_on_record();
  std::string torch;
  for (const Json& each : steps) {
    const std::string name = each.at("step").get<std::string>();
    if (name.find("-torch-") != std::string::npos) torch = name;
  }
  ASSERT_FALSE(torch.empty()) << steps.dump(1);
  std::string found;
  for (const auto& entry : fs::directory_iterator(here())) {
    if (entry.path().filename().string().starts_with("result-"))
      found = read_file(entry.path() / "lib" / "libvision.so").value();
  }
  EXPECT_THAT(found, HasSubstr("-" + torch + "/lib")) << "its run path";
}

TEST_F(BuildNix, ACompileErrorShowsTheLogOfItsDerivation) {
  trouble("onnxruntime-1.24.2", "echo 'int broken(' >> source.cpp");
  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 1) << built.err;
  EXPECT_THAT(built.err, HasSubstr("failed onnxruntime-1.24.2: exit code 1\n"));
  EXPECT_THAT(built.err, HasSubstr("source.cpp"));
  EXPECT_THAT(built.err, HasSubstr("nix-store --read-log " + place("nix/store").string()));
  EXPECT_THAT(built.out, HasSubstr(std::string(kAvx2) + ": not run; onnxruntime-1.24.2 did not succeed"));
  EXPECT_THAT(run({"log", "ort-1.24:cpu-avx2"}).out, HasSubstr("error: "));
  EXPECT_EQ(step(steps_on_record(), "onnxruntime-1.24.2").at("status"), "failed");
  EXPECT_TRUE(fs::is_empty(here())) << "no link";
}

TEST_F(BuildNix, OtherVariantsGoOn) {
  trouble(std::string(kAvx2) + "-1.24.2", "exit 7");
  const CallResult built = build({"ort-1.24:cpu-avx2", "ort-1.24:cpu-avx512"});
  EXPECT_EQ(built.code, 1) << built.err;
  EXPECT_THAT(built.out, HasSubstr(std::string(kAvx2) + ": failed; exit code 7"));
  EXPECT_THAT(built.out, HasSubstr(std::string(kAvx512) + ": built\n"));
  EXPECT_TRUE(fs::exists(here() / (std::string("result-ort-1.24-") + kAvx512)));
}

TEST_F(BuildNix, WhatWasFetchedMustHaveItsDigest) {
  packages("verify = true;");
  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 1) << built.err;
  EXPECT_THAT(built.err, HasSubstr("failed source: hash mismatch: expected sha256-"));
  EXPECT_THAT(built.err, HasSubstr(", got sha256-"));
  EXPECT_THAT(built.err, HasSubstr("'ortforge lock'"));
}

TEST_F(BuildNix, ANameThatThePackageSetLacksIsNamed) {
  packages("verify = false;", "removeAttrs {} [ \"onnxruntime\" ]");
  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 2) << built.err;
  EXPECT_THAT(built.err,
              HasSubstr(std::string("failed ") + kAvx2 + ": the package set has no 'onnxruntime' ("));
  EXPECT_THAT(run({"log", "ort-1.24:cpu-avx2"}).out, HasSubstr("attribute 'onnxruntime' missing"));
}

TEST_F(BuildNix, AFullDiskIsCalledThat) {
  trouble("onnxruntime-1.24.2", "cat source.cpp > /dev/full");
  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 3) << built.err;
  EXPECT_THAT(built.err, HasSubstr("failed onnxruntime-1.24.2: exit code 1, No space left on device"));
  EXPECT_THAT(built.err, HasSubstr("make room"));
}

TEST_F(BuildNix, APlatformNeedsAMachine) {
  const CallResult refused = build({"ort-1.24:cpu-armv9"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("is for aarch64-linux, this machine is x86_64-linux"));
  const CallResult tried = build({"ort-1.24:cpu-armv9", "ort-1.24:cpu-avx2", "--nix-option", "builders="});
  EXPECT_EQ(tried.code, 3) << tried.err;
  EXPECT_THAT(tried.err, HasSubstr("is required to build"));
  EXPECT_THAT(tried.out, HasSubstr(std::string(kAvx2) + ": built\n"));
}

TEST_F(BuildNix, APinWithoutAHashIsNotFetched) {
  const CallResult built = run({"build", "--backend", "nix", "torchvision/main:cpu-avx2"});
  EXPECT_EQ(built.code, 2) << built.err;
  EXPECT_THAT(built.err, HasSubstr("is not on record: run 'ortforge lock'"));
}

TEST_F(BuildNix, ARightThatIsMissingIsSaidOnce) {
  write(place("file"), "");
  auto elsewhere = variables();
  elsewhere["NIX_STORE_DIR"] = place("file/store").string();
  elsewhere["NIX_STATE_DIR"] = place("file/var").string();
  const CallResult built =
      call({place("home"), here(), elsewhere, nullptr},
           build_arguments(place("nixpkgs"), {"ort-1.24:cpu-avx2", "ort-1.24:cpu-avx512"}));
  EXPECT_EQ(built.code, 3) << built.err;
  EXPECT_EQ(built.err.find("failed "), built.err.rfind("failed ")) << built.err;
}

// A build that waits in its last derivation until the file "hold" goes away, and says so with "ready".
class BuildNixHeld : public BuildNix {
 protected:
  void SetUp() override {
    BuildNix::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    write(place("hold"), "");
    trouble(std::string(kAvx2) + "-1.24.2", "touch " + place("ready").string() + "\nwhile [ -e " +
                                                place("hold").string() + " ]; do sleep 0.1; done");
  }
  void TearDown() override { fs::remove(place("hold")); }

  bool wait_until_ready() const {
    for (int i = 0; i < 600 && !fs::exists(place("ready")); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return fs::exists(place("ready"));
  }
};

TEST_F(BuildNixHeld, GoesOnWhereItWasInterrupted) {
  Interrupt interrupt;
  std::thread user([&] {
    static_cast<void>(wait_until_ready());
    interrupt.request();
  });
  const CallResult stopped = build({"ort-1.24:cpu-avx2"}, &interrupt);
  user.join();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr(std::string(kAvx2) + ": interrupted; what Nix has built of it is kept"));
  EXPECT_EQ(step(steps_on_record(), "onnxruntime-1.24.2").at("status"), "built");
  fs::remove(place("hold"));

  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 0) << built.err;
  EXPECT_THAT(built.err, Not(HasSubstr("onnxruntime-1.24.2: "))) << "it was there";
  EXPECT_EQ(steps_on_record().size(), 1U);
}

TEST_F(BuildNixHeld, GoesOnWhereItWasKilled) {
  std::vector<std::string> arguments = build_arguments(place("nixpkgs"), {"ort-1.24:cpu-avx2", "--no-link"});
  arguments.insert(arguments.begin(), TEST_PROGRAM);
  auto environment = variables();
  environment["PATH"] = own_environment()["PATH"];
  environment["ORTFORGE_HOME"] = place("home").string();
  std::vector<std::string> texts;
  for (const auto& [name, value] : environment) texts.push_back(name + "=" + value);
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (std::string& text : arguments) argv.push_back(text.data());
  for (std::string& text : texts) envp.push_back(text.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_t child = 0;
  ASSERT_EQ(::posix_spawn(&child, TEST_PROGRAM, nullptr, nullptr, argv.data(), envp.data()), 0);
  EXPECT_TRUE(wait_until_ready());
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  fs::remove(place("hold"));

  const CallResult built = build({"ort-1.24:cpu-avx2"});
  EXPECT_EQ(built.code, 0) << built.err;
  EXPECT_TRUE(fs::exists(here() / (std::string("result-ort-1.24-") + kAvx2) / "lib" / "libonnxruntime.so"));
  EXPECT_EQ(Json::parse(run({"runs", "--json"}).out).at("runs").at(1).at("result"), "killed");
}

}  // namespace
}  // namespace ortforge

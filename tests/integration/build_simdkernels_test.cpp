// Real builds of simdkernels on the host, through the whole program: plan, sandbox, store, record.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <regex>
#include <thread>

#include "support/call.hpp"
#include "support/json_schema.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>
#include <signal.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariant = "simdkernels/cpu-avx2";

// The commands that compile, from the compile_commands.json of a work folder, which is /w in the sandbox.
std::string compile_commands(const fs::path& work) {
  const auto text = read_file(work / "build" / "core" / "compile_commands.json");
  EXPECT_TRUE(text) << text.error().message;
  return text ? std::regex_replace(*text, std::regex(work.string()), "/w") : std::string();
}

class BuildSimdkernels : public testing::Test {
 protected:
  void SetUp() override { ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home()))); }

  fs::path home() const { return directory_.path() / "home"; }

  CallResult run(std::vector<std::string> arguments, Interrupt* interrupt = nullptr) {
    fs::create_directories(directory_.path() / "here");
    return call({home(), directory_.path() / "here", {}, interrupt}, std::move(arguments));
  }

  // A copy of the library's sources in which one file is replaced.
  fs::path edited_sources(const std::string& file, const std::string& content) {
    const fs::path copy = directory_.path() / "sources";
    EXPECT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels", copy));
    EXPECT_TRUE(write_file(copy / file, content));
    return copy;
  }

  static std::vector<StoreEntry> entries_of(const fs::path& place) {
    const auto entries = Store(place).entries();
    EXPECT_TRUE(entries) << entries.error().message;
    return entries ? *entries : std::vector<StoreEntry>{};
  }

  static std::map<std::string, std::string> statuses(const CallResult& result) {
    std::map<std::string, std::string> all;
    const Json steps = Json::parse(result.out).at("steps");
    for (const Json& step : steps) all[step.at("step")] = step.at("status");
    return all;
  }

  TemporaryDirectory directory_;
};

TEST_F(BuildSimdkernels, IsBuiltTestedRecordedAndLinked) {
  const CallResult first = run({"build", kVariant, "--json"});
  ASSERT_EQ(first.code, 0) << first.err << first.out;
  using Statuses = std::map<std::string, std::string>;
  EXPECT_EQ(statuses(first),
            (Statuses{{"prepare", "built"}, {"core", "built"}, {"package", "built"}, {"test", "built"}}));

  const fs::path result = directory_.path() / "here" / "result-simdkernels-cpu-avx2";
  for (const char* file : {"lib/libsimdkernels.so", "include/simdkernels/simdkernels.h", "provenance.json",
                           "recipe/recipe.json"}) {
    EXPECT_TRUE(fs::exists(result / file)) << file;
  }
  const Json provenance = read_json(result / "provenance.json").value();
  EXPECT_EQ(provenance.at("predicateType"), "https://slsa.dev/provenance/v1");
  for (const Json& subject : provenance.at("subject")) {
    const fs::path file = result / subject.at("name").get<std::string>();
    EXPECT_EQ(sha256_file(file).value().hex(), subject.at("digest").at("sha256").get<std::string>()) << file;
  }
  const Json& logs = provenance.at("predicate").at("runDetails").at("byproducts");
  EXPECT_EQ(logs.size(), 3U) << "of prepare, core and package";
  for (const Json& log : logs) {
    const fs::path file = home() / log.at("name").get<std::string>();
    EXPECT_EQ(sha256_file(file).value().hex(), log.at("digest").at("sha256").get<std::string>()) << file;
  }

  EXPECT_EQ(schema_violations("build", first.out), "");
  const std::string glibc = Json::parse(first.out).at("variants").at(0).at("glibc");
  EXPECT_NE(glibc, "");
  EXPECT_EQ(Json::parse(run({"show", kVariant, "--json"}).out).at("glibc"), glibc);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"run", "runs", "1"}, {"log", "log", kVariant}, {"show", "show", kVariant}}) {
    const CallResult read = run({arguments[1], arguments[2], "--json"});
    EXPECT_EQ(schema_violations(arguments[0], read.out), "") << read.err;
  }

  const CallResult second = run({"build", kVariant, "--json"});
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(
      statuses(second),
      (Statuses{
          {"prepare", "not needed"}, {"core", "not needed"}, {"package", "reused"}, {"test", "reused"}}));
  EXPECT_EQ(schema_violations("build", second.out), "");
  const Json runs = Json::parse(run({"runs", "--json"}).out);
  EXPECT_EQ(runs.at("runs").size(), 2U);
  EXPECT_NE(run({"log", kVariant, "--step", "core"}).out.find("cmake --preset core"), std::string::npos);
  EXPECT_EQ(
      Json::parse(run({"list", "--product", "simdkernels", "--json", "isa==avx2 && accelerator==cpu"}).out)
          .size(),
      1U);

  const CallResult shell = run({"shell", kVariant, "--step", "core", "--command", "test", "--command", "-f",
                                "--command", "recipe/toolchain/core.cmake"});
  EXPECT_EQ(shell.code, 0) << shell.err;
}

// With the CUDA compiler from wheels (105 MB, kept in the user's home); the operations on a GPU are not run
// here.
TEST_F(BuildSimdkernels, ACudaVariantSharesTheCoreOfTheCpuVariant) {
  fs::create_directories(home());
  for (const char* folder : {"sources", "toolkits"}) {
    fs::create_directories(user_home() / folder);
    fs::create_directory_symlink(user_home() / folder, home() / folder);
  }
  ASSERT_EQ(run({"build", kVariant}).code, 0);
  const CallResult built = run({"build", "simdkernels/sm90-avx2", "--json"});
  ASSERT_EQ(built.code, 0) << built.err << built.out;
  const auto all = statuses(built);
  EXPECT_EQ(all.at("core"), "reused");
  EXPECT_EQ(all.at("provider"), "built");
  EXPECT_EQ(all.at("test"), "built");
  const Json variant = Json::parse(built.out).at("variants").at(0);
  EXPECT_EQ(variant.at("tests").at("passed"), 4);
  EXPECT_EQ(variant.at("tests").at("skipped"), 1);
  EXPECT_EQ(schema_violations("build", built.out), "");
  EXPECT_NE(
      run({"build", "simdkernels/sm90-avx2"})
          .out.find("simdkernels-cuda13_0-sm90-avx2: tested on the CPU (no GPU here; was in the store)\n"),
      std::string::npos);
  const fs::path library =
      directory_.path() / "here" / "result-simdkernels-cuda13_0-sm90-avx2" / "lib" / "libsimdkernels_cuda.so";
  const auto sections =
      run_captured({{"readelf", "--sections", "--wide", library.string()}, own_environment(), "/"});
  ASSERT_TRUE(sections) << sections.error().message;
  EXPECT_NE(sections->output.find(".nv_fatbin"), std::string::npos) << sections->output;
  EXPECT_EQ(schema_violations("build", built.out), "");
  const Json code = Json::parse(built.out).at("variants").at(0).at("cuda_code");
  ASSERT_EQ(code.at("sass").size(), 1U) << code;
  EXPECT_EQ(code.at("sass").at(0).at("target"), "sm_90");
  EXPECT_TRUE(code.at("ptx").empty() && code.at("other").empty()) << code;
  EXPECT_EQ(Json::parse(run({"show", "simdkernels/sm90-avx2", "--json"}).out).at("cuda_code"), code);
}

// The archive is unpacked and run as it would be on another machine.
TEST_F(BuildSimdkernels, ItsTestsRunAgainHereAndElsewhere) {
  ASSERT_EQ(run({"build", kVariant}).code, 0);
  const CallResult again = run({"test", kVariant, "--json"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(schema_violations("test", again.out), "");
  EXPECT_EQ(Json::parse(again.out).at("variants").at(0).at("status"), "passed") << again.err;

  const fs::path here = directory_.path() / "here";
  const CallResult packed = run({"test", kVariant, "--pack", "tests.tar.gz"});
  ASSERT_EQ(packed.code, 0) << packed.err;
  const auto unpacked = unpack_archive(here / "tests.tar.gz", here / "unpacked", {});
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  const auto done =
      run_captured({{"sh", "unpacked/run-tests.sh", "--out", "results.json"}, own_environment(), here});
  ASSERT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
  EXPECT_EQ(schema_violations("test-results", read_file(here / "results.json").value()), "");
  const CallResult imported = run({"test", "--import", "results.json"});
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_NE(imported.out.find("simdkernels-cpu-avx2: passed: "), std::string::npos) << imported.out;
  EXPECT_TRUE(fs::is_empty(home() / "work")) << "nothing is left behind";
}

TEST_F(BuildSimdkernels, ACompileErrorShowsLogAndShell) {
  const fs::path broken = edited_sources("src/core/softmax_f32.cpp", "this is no C++\n");
  const CallResult result = run({"build", kVariant, "--source", "simdkernels=" + broken.string()});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("softmax_f32.cpp"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("  log:   " + home().string() + "/logs/"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("  shell: ortforge shell simdkernels/1.0:simdkernels-cpu-avx2 --step core"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.out.find("failed"), std::string::npos) << result.out;
  for (const StoreEntry& entry : entries_of(home())) EXPECT_EQ(entry.scope, "simdkernels-1.0.0-prepare");
  const CallResult shell = run({"shell", kVariant, "--source", "simdkernels=" + broken.string(), "--command",
                                "test", "--command", "-d", "--command", "build/core"});
  EXPECT_EQ(shell.code, 0) << "in the step that failed, with what it left behind: " << shell.err;
}

TEST_F(BuildSimdkernels, AStepThatHangsFailsWhenItsTimeIsOver) {
  const std::string project =
      read_file(fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels" / "CMakeLists.txt").value();
  const fs::path hanging =
      edited_sources("CMakeLists.txt", project + "\nexecute_process(COMMAND sleep 600)\n");
  const std::string source = "simdkernels=" + hanging.string();
  const CallResult result =
      run({"build", kVariant, "--no-test", "--step-timeout", "10s", "--source", source});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_NE(result.err.find(": timed out after 10.0 s; took "), std::string::npos) << result.err;
  std::size_t timed_out = 0;
  const Json record = Json::parse(run({"runs", "1", "--json"}).out);
  for (const Json& step : record.at("steps")) {
    if (step.at("status") != "failed") continue;
    ++timed_out;
    EXPECT_EQ(step.at("step"), "core");
    EXPECT_EQ(step.at("ending"),
              (Json{{"kind", "timed out"}, {"limit_ms", 10000}, {"text", "timed out after 10.0 s"}}));
  }
  EXPECT_EQ(timed_out, 1U);
  const CallResult shell = run({"shell", kVariant, "--source", source, "--step", "core", "--command", "test",
                                "--command", "-d", "--command", "build/core"});
  EXPECT_EQ(shell.code, 0) << "what it did stays for the next attempt: " << shell.err;
}

TEST_F(BuildSimdkernels, AChangedCommentStopsAtEqualOutputs) {
  ASSERT_EQ(run({"build", kVariant}).code, 0);
  const fs::path file = fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels" / "README.md";
  const fs::path edited = edited_sources("README.md", read_file(file).value() + "\nMore.\n");
  const CallResult result = run({"build", kVariant, "--json", "--source", "simdkernels=" + edited.string()});
  ASSERT_EQ(result.code, 0) << result.err;
  using Statuses = std::map<std::string, std::string>;
  EXPECT_EQ(statuses(result),
            (Statuses{{"prepare", "built"}, {"core", "built"}, {"package", "reused"}, {"test", "reused"}}))
      << "the library came out as before, so nothing behind it runs";
  const Json provenance =
      read_json(directory_.path() / "here" / "result-simdkernels-cpu-avx2" / "provenance.json").value();
  const Json& definition = provenance.at("predicate").at("buildDefinition");
  EXPECT_EQ(definition.at("externalParameters").at("replacedSources"), Json::array({"simdkernels"}))
      << "the files are those of the first build, how they came to be is not";
  const auto why = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"why", kVariant};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(std::move(all)).out;
  };
  EXPECT_EQ(why({"--step", "package"}), "simdkernels-1.0.0-package-cpu-avx2: in the store; does not run\n");
  ASSERT_TRUE(write_file(edited / "README.md", "Once more.\n"));
  const std::string changed = why({"--step", "prepare", "--source", "simdkernels=" + edited.string()});
  EXPECT_NE(changed.find("runs; 1 input changed since it was built\n  the source simdkernels changed: "),
            std::string::npos)
      << changed;
}

TEST_F(BuildSimdkernels, AnInterruptStopsAndTheNextBuildGoesOn) {
  Interrupt interrupt;
  std::thread stopper([&] {
    // As soon as the core's build tree holds an object.
    for (int i = 0; i < 600 && !interrupt.requested(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::error_code error;
      for (fs::directory_iterator item(home() / "work", error), end; !error && item != end;
           item.increment(error)) {
        if (fs::exists(item->path() / "build" / "core" / ".ninja_log")) interrupt.request();
      }
    }
  });
  const CallResult stopped = run({"build", kVariant, "-j", "1"}, &interrupt);
  stopper.join();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  const CallResult resumed = run({"build", kVariant, "--json"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(statuses(resumed).at("prepare"), "reused") << "what was finished is not run again";
  const Json steps = Json::parse(resumed.out).at("steps");
  for (const Json& step : steps) {
    if (step.at("step") == "core") {
      EXPECT_EQ(step.at("reason"), "goes on where an earlier attempt stopped");
    }
  }
}

TEST_F(BuildSimdkernels, PresetsByHandCompileWithTheSameCommands) {
  // A build that fails keeps its work folder.
  const fs::path broken = edited_sources("src/core/softmax_f32.cpp", "this is no C++\n");
  const std::string source = "simdkernels=" + broken.string();
  ASSERT_EQ(run({"build", kVariant, "--no-cache", "--source", source}).code, 1);
  fs::path built;
  for (const auto& folder : fs::directory_iterator(home() / "work"))
    if (folder.is_directory()) built = folder.path();
  ASSERT_TRUE(fs::exists(built / "build" / "core")) << built;

  const fs::path work = directory_.path() / "hand";
  ASSERT_EQ(run({"generate", kVariant, "--backend", "cmake", "--out", (work / "all").string()}).code, 0);
  fs::path recipe;
  for (const auto& file : fs::recursive_directory_iterator(work / "all"))
    if (file.path().filename() == "recipe.json") recipe = file.path().parent_path();
  ASSERT_TRUE(copy_tree(recipe, work / "recipe"));
  fs::create_directories(work / "sources");
  ASSERT_TRUE(copy_tree(broken, work / "sources" / "simdkernels"));
  const std::map<std::string, std::string> variables{{"PATH", own_environment()["PATH"]}};
  for (const Command& command :
       {Command{{"cmake", "-P", "recipe/prepare.cmake"}, variables, work},
        Command{{"cmake", "--preset", "core"}, variables, work / "src" / "simdkernels"}}) {
    const auto done = run_captured(command);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_TRUE(done->outcome.success()) << done->output;
  }
  EXPECT_EQ(compile_commands(work), compile_commands(built));
  EXPECT_NE(compile_commands(built).find("softmax_f32.cpp"), std::string::npos);
}

TEST_F(BuildSimdkernels, KilledAtAnyMomentTheStoreStaysWhole) {
  const fs::path here = directory_.path() / "here";
  fs::create_directories(here);
  auto variables = own_environment();
  variables["ORTFORGE_HOME"] = home().string();
  const Command command{{TEST_PROGRAM, "build", kVariant, "-j", "1"}, variables, here};
  for (int attempt = 0; attempt < 4; ++attempt) {
    const auto runner = make_process_runner();
    RunOptions options;
    options.timeout = Milliseconds{400 + 700 * attempt};
    options.grace = Milliseconds{0};  // SIGKILL follows at once
    ASSERT_TRUE(runner->start(command, options));
    while (runner->running() > 0) ASSERT_TRUE(runner->wait(Milliseconds{50}));
    for (const StoreEntry& entry : entries_of(home()))
      EXPECT_TRUE(Store(home()).verify(entry)->empty()) << entry.scope;
  }
  const CallResult last = run({"build", kVariant});
  ASSERT_EQ(last.code, 0) << last.err;
  const TemporaryDirectory other;
  const CallResult undisturbed =
      call({other.path() / "home", other.path(), {}, nullptr}, {"build", kVariant});
  ASSERT_EQ(undisturbed.code, 0) << undisturbed.err;
  const auto digests = [](const fs::path& place) {
    std::map<std::string, std::string> all;
    for (const StoreEntry& entry : entries_of(place)) {
      if (!entry.scope.starts_with("simdkernels-1.0.0-test"))
        all[entry.scope] = entry.output_digest.sri();  // its JUnit file holds times
    }
    return all;
  };
  EXPECT_EQ(digests(home()), digests(other.path() / "home"));
}

// SIGKILL between the start of bubblewrap and its request to die with its parent leaves a sandbox that goes
// on; a bubblewrap that never makes the request stands for that moment here.
TEST_F(BuildSimdkernels, ASandboxThatOutlivesOrtforgeKeepsItsWorkFolder) {
  auto variables = own_environment();
  const auto bubblewrap = find_program("bwrap", variables["PATH"]);
  ASSERT_TRUE(bubblewrap);
  const fs::path programs = directory_.path() / "programs";
  ASSERT_TRUE(write_file(
      programs / "bwrap",
      "#!/bin/sh\n[ \"$1\" = --die-with-parent ] && shift\nexec " + bubblewrap->string() + " \"$@\"\n",
      true));
  variables["PATH"] = programs.string() + ":" + variables["PATH"];
  variables["ORTFORGE_HOME"] = home().string();
  const fs::path list = fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels" / "CMakeLists.txt";
  const std::string wait =
      "\nexecute_process(COMMAND sh -c [[touch /w/waits; i=0; "
      "until test -e /w/go -o $i -gt 600; do sleep 0.1; i=$((i+1)); done]])\n";
  const fs::path sources = edited_sources("CMakeLists.txt", read_file(list).value() + wait);
  const fs::path here = directory_.path() / "here";
  fs::create_directories(here);
  const Command command{
      {TEST_PROGRAM, "build", kVariant, "--source", "simdkernels=" + sources.string()}, variables, here};
  std::string output;
  RunOptions options;
  options.on_output = [&output](std::string_view text) { output += text; };

  auto killed = make_process_runner();
  ASSERT_TRUE(killed->start(command, options));
  fs::path work;
  while (work.empty() && killed->running() > 0) {
    ASSERT_TRUE(killed->wait(Milliseconds{50}));
    std::error_code error;
    for (fs::directory_iterator item(home() / "work", error), end; !error && item != end;
         item.increment(error)) {
      if (fs::exists(item->path() / "waits")) work = item->path();
    }
  }
  ASSERT_FALSE(work.empty()) << output;
  killed.reset();  // SIGKILL, to ortforge alone: its children have sessions of their own
  EXPECT_FALSE(FileLock::try_acquire(work.string() + ".lock").value()) << "the sandbox works in it";

  output.clear();
  const auto next = make_process_runner();
  ASSERT_TRUE(next->start(command, options));
  while (output.find("another ortforge works on ") == std::string::npos && next->running() > 0)
    ASSERT_TRUE(next->wait(Milliseconds{50}));
  ASSERT_GT(next->running(), 0U) << output;
  ASSERT_TRUE(write_file(work / "go", ""));
  std::optional<Finished> finished;
  while (!finished) {
    auto waited = next->wait(Milliseconds{1000});
    ASSERT_TRUE(waited) << waited.error().message;
    finished = *waited;
  }
  EXPECT_EQ(finished->outcome.ending, Ending(Exited{0})) << output;
}

}  // namespace
}  // namespace ortforge

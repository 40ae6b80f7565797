// A build that would take three times the memory there is, in a control group with a real limit. The test
// program itself stays outside of the group.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/call.hpp"
#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLimit = 512ULL << 20U;  // for 8 processes of 180 MiB each

#ifdef __aarch64__
constexpr const char* kVariant = "hungry/cpu-armv8_2";
#else
constexpr const char* kVariant = "hungry/cpu-avx2";
#endif

// A control group below the root group, of version 2 or 1. Removed with the object.
class MemoryGroup {
 public:
  MemoryGroup() = default;
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  ~MemoryGroup() {
    std::error_code error;
    for (int tries = 0; !path_.empty() && !fs::remove(path_, error) && tries < 50; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // until its last process is gone
  }

  // Empty, or why there is none.
  std::string make(std::uint64_t bytes) {
    const fs::path top = "/sys/fs/cgroup";
    const std::string name = "ortforge-test-" + std::to_string(::getpid());
    const bool old = fs::exists(top / "memory/memory.limit_in_bytes");
    const fs::path path = (old ? top / "memory" : top) / name;
    std::error_code error;
    if (!fs::create_directory(path, error)) return "no control group can be made: " + error.message();
    path_ = path;
    const char* limit = old ? "memory.limit_in_bytes" : "memory.max";
    if (!fs::exists(path / limit)) return "control groups here have no " + std::string(limit);
    if (!put(path / limit, std::to_string(bytes))) return "the limit cannot be set";
    // Without swap; files that are not there mean that there is none to account for.
    put(path / (old ? "memory.memsw.limit_in_bytes" : "memory.swap.max"), old ? std::to_string(bytes) : "0");
    return {};
  }

  // The program in the group, with everything it starts.
  std::vector<std::string> inside(const std::vector<std::string>& argv) const {
    std::vector<std::string> all{"/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"",
                                 (path_ / "cgroup.procs").string()};
    all.insert(all.end(), argv.begin(), argv.end());
    return all;
  }

 private:
  // Written in place: these are no files that could be replaced.
  static bool put(const fs::path& file, const std::string& text) {
    std::ofstream stream(file);
    stream << text << std::flush;
    return stream.good();
  }

  fs::path path_;
};

class BuildMemory : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
    if (const std::string why = group_.make(kLimit); !why.empty()) GTEST_SKIP() << why;
    matrix_.write("hungry.json", read_file(project() / "hungry.json").value());
  }

  fs::path home() const { return directory_.path() / "home"; }
  static fs::path project() { return fs::path(TEST_SOURCE_DIR) / "tests" / "data" / "hungry"; }

  Captured run_inside(const std::vector<std::string>& argv) const {
    const auto done =
        run_captured({group_.inside(argv), own_environment(), directory_.path()}, Milliseconds{300000});
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : Captured{};
  }

  Captured build(const std::vector<std::string>& more) const {
    std::vector<std::string> argv{TEST_PROGRAM, "--home", home().string(), "--matrix",
                                  matrix_.path().string()};
    const std::vector<std::string> words{
        "build", kVariant, "--jobs", "8", "--no-link", "--source", "hungry=" + project().string()};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.insert(argv.end(), more.begin(), more.end());
    return run_inside(argv);
  }

  // "status; reason" of every attempt at the step that needs memory.
  std::vector<std::string> attempts() const {
    const CallResult run = call({home(), directory_.path(), {}, nullptr}, {"runs", "1", "--json"});
    std::vector<std::string> words;
    const Json record = Json::parse(run.out);
    for (const Json& step : record.at("steps")) {
      if (step.at("step") != "core") continue;
      words.push_back(step.at("status").get<std::string>() + "; " + step.at("reason").get<std::string>());
    }
    return words;
  }

  TemporaryDirectory directory_;
  TemporaryMatrix matrix_ = TemporaryMatrix::copy_of_shipped();
  MemoryGroup group_;
};

TEST_F(BuildMemory, JobsAreAdmittedByTheMemoryThereIs) {
  const Captured built = build({});
  EXPECT_TRUE(built.outcome.success()) << built.output;
  EXPECT_EQ(attempts(), std::vector<std::string>{"built; no output in the store"}) << built.output;
}

TEST_F(BuildMemory, WithAFixedNumberOfJobsCompilersAreKilledAndRunAgainOneByOne) {
  const Captured built = build({"--memory", "1T"});
  EXPECT_TRUE(built.outcome.success()) << built.output;
  EXPECT_EQ(attempts(),
            (std::vector<std::string>{"failed; killed for memory; tried again alone",
                                      "built; goes on alone, with one job, after it was killed for memory"}))
      << built.output;
}

TEST_F(BuildMemory, ByHandTheSameJobsFail) {
  ORTFORGE_NEEDS(has_program("ninja"), "ninja");
  const std::string tree = (directory_.path() / "tree").string();
  const Captured configured = run_inside({"cmake", "-S", project().string(), "-B", tree, "-G", "Ninja"});
  ASSERT_TRUE(configured.outcome.success()) << configured.output;
  const Captured built = run_inside({"ninja", "-C", tree, "-j", "8"});
  EXPECT_FALSE(built.outcome.success()) << built.output;
}

// The pool of heavy targets in a real build.ninja.
class BuildHeavyPool : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_NEEDS(has_program("cmake") && has_program("ninja") && has_program("gcc"), "cmake, ninja, gcc");
    ASSERT_TRUE(write_file(source() / "a.c", "int a;\n"));
    ASSERT_TRUE(write_file(source() / "CMakeLists.txt",
                           "cmake_minimum_required(VERSION 3.10)\nproject(pools LANGUAGES C)\n"
                           "add_library(light STATIC a.c)\nadd_subdirectory(below)\n"));
    ASSERT_TRUE(write_file(source() / "below" / "CMakeLists.txt",
                           "project(below LANGUAGES C)\nadd_library(heavy STATIC ../a.c)\n"));
  }

  fs::path source() const { return directory_.path() / "source"; }

  // Configures with `heavy` in the pool and gives all that Ninja reads.
  std::string configured(const std::string& jobs) const {
    auto environment = own_environment();
    environment.erase("ORTFORGE_HEAVY_JOBS");
    if (!jobs.empty()) environment["ORTFORGE_HEAVY_JOBS"] = jobs;
    const fs::path tree = directory_.path() / "tree";
    const fs::path file = fs::path(TEST_SOURCE_DIR) / "templates" / "cmake" / "heavy.cmake";
    const auto done =
        run_captured({{"cmake", "-S", source().string(), "-B", tree.string(), "-G", "Ninja",
                       "-DCMAKE_PROJECT_INCLUDE_BEFORE=" + file.string(), "-DORTFORGE_HEAVY_TARGETS=heavy"},
                      environment,
                      directory_.path()});
    EXPECT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
    return read_file(tree / "CMakeFiles" / "rules.ninja").value() + read_file(tree / "build.ninja").value();
  }

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  TemporaryDirectory directory_;
};

TEST_F(BuildHeavyPool, IsAsDeepAsTheEnvironmentSays) {
  const std::string three = configured("3");
  EXPECT_EQ(count(three, "pool ortforge_heavy\n  depth = 3\n"), 1U) << three;
  EXPECT_EQ(count(three, "pool = ortforge_heavy\n"), 1U) << "one object of one target: " << three;
  EXPECT_EQ(count(configured("2"), "pool ortforge_heavy\n  depth = 2\n"), 1U) << "in the same build tree";
}

TEST_F(BuildHeavyPool, IsNotThereWhereNobodyGivesADepth) {
  EXPECT_EQ(count(configured(""), "ortforge_heavy"), 0U);
}

}  // namespace
}  // namespace ortforge

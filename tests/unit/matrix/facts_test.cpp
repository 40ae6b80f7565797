// Facts of hardware.json against the tools they speak of: GCC's predefined macros and archspec's database;
// nvcc's targets are compared in tests/integration/nvcc_facts_test.cpp.
#include <cstdlib>
#include <set>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/text.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {
namespace {

std::string variable(const char* name, const std::string& fallback = {}) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

bool in_ci() {
  return variable("CI") == "true";
}

// Output of a command that must succeed, or nothing.
std::optional<std::string> output_of(const std::vector<std::string>& argv) {
  const auto run = run_captured({argv, {{"PATH", variable("PATH", "/usr/bin:/bin")}, {"LC_ALL", "C"}}, "/"});
  if (!run || !run->outcome.success()) return std::nullopt;
  return run->output;
}

bool installed(const std::string& program) {
  return find_program(program, variable("PATH", "/usr/bin:/bin")).has_value();
}

std::set<std::string> macros(const std::string& compiler, const std::vector<std::string>& flags) {
  std::vector<std::string> argv{compiler};
  argv.insert(argv.end(), flags.begin(), flags.end());
  argv.insert(argv.end(), {"-x", "c++", "-dM", "-E", "/dev/null"});
  const auto text = output_of(argv);
  EXPECT_TRUE(text) << join(argv, " ");
  std::set<std::string> names;
  for (const std::string& line : split(text.value_or(""), '\n')) {
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() >= 2 && words[0] == "#define") names.insert(words[1]);
  }
  return names;
}

// An ISA's flags define exactly those feature macros, of all that any ISA of the platform lists, that it
// lists itself; the platform's baseline defines none of them.
void compare_with_gcc(const std::string& compiler, const std::string& platform) {
  const Hardware& hardware = shipped_matrix().hardware;
  std::set<std::string> known;
  for (const auto& [name, isa] : hardware.isas) {
    if (isa.platform == platform) known.insert(isa.macros.begin(), isa.macros.end());
  }
  const auto of_interest = [&](const std::set<std::string>& all) {
    std::set<std::string> found;
    for (const std::string& macro : all) {
      if (known.contains(macro)) found.insert(macro);
    }
    return found;
  };
  const std::vector<std::string>& baseline = hardware.platforms.at(platform).baseline_flags;
  EXPECT_THAT(of_interest(macros(compiler, baseline)), testing::IsEmpty());
  for (const auto& [name, isa] : hardware.isas) {
    if (isa.platform != platform) continue;
    EXPECT_FALSE(isa.macros.empty()) << name;
    EXPECT_EQ(of_interest(macros(compiler, isa.flags)),
              std::set<std::string>(isa.macros.begin(), isa.macros.end()))
        << name;
  }
}

TEST(FactsGcc, X86MacrosAreThoseTheFlagsDefine) {
  const std::string compiler = installed("x86_64-linux-gnu-g++") ? "x86_64-linux-gnu-g++" : "g++";
  const std::string machine = output_of({compiler, "-dumpmachine"}).value_or("");
  if (!machine.starts_with("x86_64"))
    GTEST_SKIP() << "no GCC for x86_64 here (g++ is for " << trim(machine) << ")";
  compare_with_gcc(compiler, "x86_64-linux");
}

TEST(FactsGcc, Aarch64MacrosAreThoseTheFlagsDefine) {
  const std::string compiler = variable("ORTFORGE_TEST_AARCH64_GXX", "aarch64-linux-gnu-g++");
  if (!installed(compiler) && !compiler.starts_with("/")) {
    GTEST_SKIP() << "no aarch64-linux-gnu-g++ (Debian package g++-aarch64-linux-gnu)";
  }
  compare_with_gcc(compiler, "aarch64-linux");
}

// Prints, for every "ISA|feature,feature|cpu,cpu|cpu,cpu" argument, the processors that contradict it.
constexpr const char* kArchspecScript = R"(
import sys
import archspec.cpu
for argument in sys.argv[1:]:
    isa, features, cpus, not_cpus = (part.split(",") if i else part for i, part in enumerate(argument.split("|")))
    for cpu in filter(None, cpus + not_cpus):
        if cpu not in archspec.cpu.TARGETS:
            print(isa, cpu, "is unknown to archspec")
            continue
        lacks = [feature for feature in features if feature not in archspec.cpu.TARGETS[cpu]]
        if cpu in cpus and lacks:
            print(isa, cpu, "lacks", " ".join(lacks))
        if cpu in not_cpus and not lacks:
            print(isa, cpu, "has all features")
print("compared", len(sys.argv) - 1)
)";

TEST(FactsArchspec, ProcessorsHaveOrLackTheFeatures) {
  const std::string python = variable("ORTFORGE_TEST_PYTHON", "python3");
  if (!output_of({python, "-c", "import archspec.cpu"})) {
    const std::string reason =
        python + " has no module archspec (scripts/setup installs it; ORTFORGE_TEST_PYTHON names the Python)";
    if (in_ci()) FAIL() << reason;
    GTEST_SKIP() << reason;
  }
  std::vector<std::string> argv{python, "-c", kArchspecScript};
  for (const auto& [name, isa] : shipped_matrix().hardware.isas) {
    EXPECT_FALSE(isa.cpus.empty()) << name;
    EXPECT_FALSE(isa.not_cpus.empty()) << name;
    argv.push_back(fmt::format("{}|{}|{}|{}", name, join(isa.features, ","), join(isa.cpus, ","),
                               join(isa.not_cpus, ",")));
  }
  EXPECT_EQ(output_of(argv).value_or("the script failed"), fmt::format("compared {}\n", argv.size() - 3));
}

}  // namespace
}  // namespace ortforge

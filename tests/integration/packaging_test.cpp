// Installs this build into an empty prefix and packs the .deb: what arrives must work without the source
// tree.
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/text.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

fs::path build_tree() {
  return fs::path(TEST_PROGRAM).parent_path();
}

// Runs a command in `directory`; the exit code and everything it wrote.
std::pair<int, std::string> run(std::vector<std::string> argv, const fs::path& directory) {
  Command command{std::move(argv), own_environment(), directory};
  command.environment["HOME"] = directory;
  command.environment.erase("ORTFORGE_HOME");
  command.environment.erase("ORTFORGE_MATRIX");
  command.environment.erase("ORTFORGE_BRANCH");
  const auto captured = run_captured(command, Milliseconds{300000});
  if (!captured) return {-1, captured.error().message};
  const auto* exited = std::get_if<Exited>(&captured->outcome.ending);
  return {exited != nullptr ? exited->code : -1, captured->output};
}

class BuildPackage : public testing::Test {
 protected:
  // <folder>/prefix with this build installed.
  void SetUp() override {
    prefix_ = folder_.path() / "prefix";
    const auto [code, output] =
        run({"cmake", "--install", build_tree(), "--prefix", prefix_}, folder_.path());
    ASSERT_EQ(code, 0) << output;
  }

  std::pair<int, std::string> installed(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), prefix_ / "bin/ortforge");
    return run(std::move(arguments), folder_.path());
  }

  TemporaryDirectory folder_;
  fs::path prefix_;
};

TEST_F(BuildPackage, InstalledProgramSaysItsVersion) {
  const auto [code, output] = installed({"--version"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(output, MatchesRegex("ortforge [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(BuildPackage, InstalledProgramReadsTheInstalledMatrix) {
  const auto [code, output] = installed({"list", "--product", "simdkernels", "--names"});
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, HasSubstr("simdkernels-cpu-avx2\n"));
  // Not the one of the source tree, which is still there: without the file the product is gone.
  fs::remove(prefix_ / "share/ortforge/matrix/simdkernels.json");
  const auto [code_without, output_without] = installed({"list", "--product", "simdkernels", "--names"});
  EXPECT_EQ(code_without, 2) << output_without;
}

TEST_F(BuildPackage, InstalledProgramPlansFromInstalledTemplatesAndSources) {
  const std::string unknown = "the source simdkernels is not here yet";
  const auto [code, output] = installed({"plan", "simdkernels/cpu-avx2", "--json"});
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, Not(HasSubstr(unknown)));
  fs::remove_all(prefix_ / "share/ortforge/examples");
  const auto [code_without, output_without] = installed({"plan", "simdkernels/cpu-avx2", "--json"});
  EXPECT_EQ(code_without, 0);
  EXPECT_THAT(output_without, HasSubstr(unknown));
}

TEST_F(BuildPackage, DebianPackageHoldsProgramDataAndDocuments) {
  ORTFORGE_NEEDS(has_program("dpkg-deb"), "the program dpkg-deb");
  const auto [code, output] = run(
      {"cpack", "-G", "DEB", "--config", build_tree() / "CPackConfig.cmake", "-B", folder_.path() / "deb"},
      folder_.path());
  ASSERT_EQ(code, 0) << output;
  fs::path package;
  for (const auto& entry : fs::directory_iterator(folder_.path() / "deb")) {
    if (entry.path().extension() == ".deb") package = entry.path();
  }
  ASSERT_FALSE(package.empty()) << output;
  EXPECT_THAT(package.filename().string(), MatchesRegex("ortforge_[0-9.]+_[a-z0-9]+\\.deb"));

  const auto [list_code, files] = run({"dpkg-deb", "-c", package}, folder_.path());
  ASSERT_EQ(list_code, 0) << files;
  for (const char* file :
       {"./usr/bin/ortforge\n", "./usr/share/ortforge/matrix/onnxruntime.json\n",
        "./usr/share/ortforge/matrix/schema/product.schema.json\n", "./usr/share/ortforge/templates/cmake/",
        "./usr/share/ortforge/examples/simdkernels/CMakeLists.txt\n", "./usr/share/doc/ortforge/copyright\n",
        "./usr/share/doc/ortforge/docs/matrix.md\n", "./usr/share/bash-completion/completions/ortforge\n"}) {
    EXPECT_THAT(files, HasSubstr(file));
  }
  EXPECT_THAT(files, AllOf(Not(HasSubstr("__pycache__")), Not(HasSubstr("libortforge.a")),
                           Not(HasSubstr("/ortforge/tests/"))));

  const auto [field_code, depends] = run({"dpkg-deb", "-f", package, "Depends"}, folder_.path());
  EXPECT_EQ(field_code, 0);
  // Named by hand, and found in the program by dpkg-shlibdeps.
  EXPECT_THAT(depends, AllOf(HasSubstr("ninja-build"), HasSubstr("libc6 (>="), HasSubstr("libcurl4"),
                             HasSubstr("libgit2-"), HasSubstr("libgit2"), HasSubstr("libelf1")));
}

}  // namespace
}  // namespace ortforge

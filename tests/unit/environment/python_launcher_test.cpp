#include "ortforge/environment/python_launcher.hpp"

#include "support/fake_environment.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

using testing::HasSubstr;

// The version of the machine's own python3, "3.11"; empty without one.
std::string python_version() {
  const auto asked = run_captured({{"python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"},
                                   {{"PATH", "/usr/bin:/bin"}},
                                   "/"});
  return asked && asked->outcome.success() ? trim(asked->output) : "";
}

class PythonLauncher : public testing::Test {
 protected:
  void SetUp() override {
    version_ = python_version();
    if (version_.empty() && in_ci()) FAIL() << "no python3";
    if (version_.empty()) GTEST_SKIP() << "no python3";
  }

  // A store entry with a package, and a link to it elsewhere, as `build` leaves one.
  void make_result(const Environment& environment) {
    const auto entry = home_.path() / "store/abc-result";
    ASSERT_TRUE(write_file(entry / "lib" / ("python" + version_) / "site-packages/ortforge_sample.py",
                           "answer = 42\n"));
    ASSERT_TRUE(write_file(entry / "bin/python", python_launcher(environment, version_), true));
    std::filesystem::create_directories(home_.path() / "a project");
    std::filesystem::create_directory_symlink(entry, home_.path() / "a project/result");
  }

  Captured run(const std::vector<std::string>& arguments) {
    Command command{{(home_.path() / "a project/result/bin/python").string()},
                    {{"PATH", "/usr/bin:/bin"}, {"HOME", home_.path().string()}},
                    home_.path() / "a project"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    auto captured = run_captured(command);
    EXPECT_TRUE(captured);
    return captured ? *captured : Captured{};
  }

  TemporaryDirectory home_;
  std::string version_;
};

TEST_F(PythonLauncher, OnTheHostRunsPythonWithThePackages) {
  make_result(FakeEnvironment("/"));
  EXPECT_EQ(
      run({"-c", "import ortforge_sample, sys; print(ortforge_sample.answer, sys.argv[1:])", "a b", "$c"})
          .output,
      "42 ['a b', '$c']\n");
  EXPECT_EQ(run({"-c", "raise SystemExit(7)"}).outcome.ending, Ending(Exited{7}));
}

TEST_F(PythonLauncher, EntersTheRootBesideTheStore) {
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home_.path())));
  // The machine's own folders as a root: links, so that nothing has to be made.
  const auto root = home_.path() / "environments/debian-test-0123/root";
  std::filesystem::create_directories(root);
  for (const char* name : {"usr", "bin", "lib", "lib64", "etc"}) {
    const auto folder = std::filesystem::path("/") / name;
    if (!std::filesystem::exists(folder)) continue;
    if (std::filesystem::is_symlink(folder))
      std::filesystem::copy_symlink(folder, root / name);
    else
      std::filesystem::create_directories(root / name);
  }
  make_result(FakeEnvironment(root));
  // An empty /usr has no Python: the launcher really is inside.
  const auto inside = run({"-c", "print(1)"});
  EXPECT_FALSE(inside.outcome.success());
  EXPECT_THAT(inside.output, HasSubstr("bwrap: execvp /usr/bin/python" + version_));
}

TEST_F(PythonLauncher, SaysWhenTheRootIsGone) {
  make_result(FakeEnvironment(home_.path() / "environments/debian-test-0123/root"));
  const auto gone = run({"-c", "print(1)"});
  EXPECT_EQ(gone.outcome.ending, Ending(Exited{3}));
  EXPECT_THAT(gone.output, HasSubstr("the environment of this result is gone"));
  EXPECT_THAT(gone.output, HasSubstr("environments/debian-test-0123/root"));
}

}  // namespace
}  // namespace ortforge

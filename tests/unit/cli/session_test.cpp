#include "ortforge/cli/session.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

std::string home_of(const std::map<std::string, std::string>& variables, const std::string& option = {}) {
  Surroundings surroundings;
  surroundings.variables = variables;
  surroundings.directory = "/here";
  GlobalOptions options;
  options.home = option;
  const auto home = Session(surroundings, options).home();
  return home ? home->string() : home.error().message;
}

TEST(SessionHome, IsTheFirstThatNamesAFolder) {
  std::map<std::string, std::string> variables{{"HOME", "/users/a"}};
  EXPECT_EQ(home_of(variables), "/users/a/.cache/ortforge");
  variables["XDG_CACHE_HOME"] = "/cache";
  EXPECT_EQ(home_of(variables), "/cache/ortforge");
  variables["ORTFORGE_HOME"] = "own";
  EXPECT_EQ(home_of(variables), "/here/own");
  EXPECT_EQ(home_of(variables, "/option"), "/option");
  EXPECT_EQ(home_of(variables, "option"), "/here/option");
}

TEST(SessionHome, IsNeverRelative) {
  EXPECT_EQ(home_of({{"HOME", "/users/a"}, {"XDG_CACHE_HOME", "cache"}}), "/users/a/.cache/ortforge");
  const passwd* user = ::getpwuid(::getuid());
  const std::string folder = user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
  for (const char* home : {"", "relative"}) {
    const std::string found = home_of({{"HOME", home}});
    if (folder.starts_with("/")) {
      EXPECT_EQ(found, (fs::path(folder) / ".cache/ortforge").string());
    } else {
      EXPECT_EQ(found,
                "there is no place for ortforge's files: HOME is not set, and the password database does not "
                "know this user's folder");
    }
  }
}

std::string remote_of(const fs::path& directory, const std::map<std::string, std::string>& variables,
                      const std::string& option) {
  Surroundings surroundings;
  surroundings.variables = variables;
  surroundings.directory = directory;
  Session session(surroundings, {});
  const auto remote = session.remote(option);
  return remote ? *remote : remote.error().message;
}

TEST(SessionRemote, IsTheFirstThatNamesAPlace) {
  const TemporaryDirectory directory;
  const fs::path here = directory.path() / "project" / "deep";
  EXPECT_EQ(remote_of("/here", {}, ""), "");
  ASSERT_TRUE(write_file(here.parent_path() / "ortforge.json", R"({"remote": "../shared"})"));
  EXPECT_EQ(remote_of(here, {}, ""), (directory.path() / "shared").string()) << "relative to the file";
  EXPECT_EQ(remote_of(here, {{"ORTFORGE_REMOTE", "own"}}, ""), (here / "own").string());
  EXPECT_EQ(remote_of(here, {{"ORTFORGE_REMOTE", "own"}}, "https://ci/x"), "https://ci/x");
  EXPECT_EQ(remote_of(here, {}, "s3://key:secret@ci/x"),
            "remote store s3://ci/x: expected a folder or an address with http or https");
}

std::vector<fs::path> toolkit_of(const fs::path& directory,
                                 const std::map<std::string, std::string>& variables,
                                 const std::vector<std::string>& option) {
  Surroundings surroundings;
  surroundings.variables = variables;
  surroundings.directory = directory;
  Session session(surroundings, {});
  return session.toolkit(option).value();
}

TEST(SessionToolkit, IsWhatTheFirstThatNamesFoldersSays) {
  const TemporaryDirectory directory;
  const fs::path here = directory.path() / "project" / "deep";
  using Folders = std::vector<fs::path>;
  EXPECT_EQ(toolkit_of("/here", {}, {}), Folders{});
  ASSERT_TRUE(write_file(here.parent_path() / "ortforge.json", R"({"toolkit": ["../cuda", "/cudnn"]})"));
  EXPECT_EQ(toolkit_of(here, {}, {}), (Folders{directory.path() / "cuda", "/cudnn"}));
  const std::map<std::string, std::string> variables{{"ORTFORGE_TOOLKIT", "/cuda::own"}};
  EXPECT_EQ(toolkit_of(here, variables, {}), (Folders{"/cuda", here / "own"}));
  EXPECT_EQ(toolkit_of(here, variables, {"/a:b"}), Folders{"/a:b"});
}

}  // namespace
}  // namespace ortforge

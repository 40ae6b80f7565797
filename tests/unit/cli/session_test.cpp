#include "ortforge/cli/session.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

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

}  // namespace
}  // namespace ortforge

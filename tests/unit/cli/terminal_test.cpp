// What goes to a terminal: colours and widths.
#include <sstream>

#include <gtest/gtest.h>

#include "ortforge/cli/application.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {
namespace {

bool colours(bool terminal, const std::map<std::string, std::string>& variables) {
  Surroundings surroundings;
  surroundings.err_is_terminal = terminal;
  surroundings.variables = variables;
  return Session(surroundings, {}).colours();
}

TEST(Terminal, HasColoursUnlessSomebodySaysNo) {
  EXPECT_TRUE(colours(true, {}));
  EXPECT_FALSE(colours(false, {}));
  EXPECT_FALSE(colours(true, {{"NO_COLOR", "1"}}));
  EXPECT_TRUE(colours(true, {{"NO_COLOR", ""}})) << "no-color.org: present and not empty";
  EXPECT_FALSE(colours(true, {{"TERM", "dumb"}}));
  EXPECT_TRUE(colours(true, {{"TERM", "xterm"}}));
}

TEST(Terminal, ErrorsFollowNoColor) {
  const auto error = [](const std::map<std::string, std::string>& variables) {
    std::ostringstream out;
    std::ostringstream err;
    Surroundings surroundings;
    surroundings.arguments = {"ortforge", "completion"};
    surroundings.variables = variables;
    surroundings.directory = "/";
    surroundings.out = &out;
    surroundings.err = &err;
    surroundings.err_is_terminal = true;
    EXPECT_EQ(run_application(surroundings), 2);
    return err.str();
  };
  EXPECT_EQ(error({}), "\033[1;31merror:\033[0m name a shell: bash, zsh or fish\n");
  EXPECT_EQ(error({{"NO_COLOR", "1"}}), "error: name a shell: bash, zsh or fish\n");
}

TEST(Terminal, TablesHaveTheWidthOfStandardOutput) {
  Surroundings surroundings;
  surroundings.out_width = 132;
  surroundings.terminal_width = 60;
  EXPECT_EQ(Session(surroundings, {}).width(), 80U) << "not a terminal";
  surroundings.out_is_terminal = true;
  EXPECT_EQ(Session(surroundings, {}).width(), 132U);
}

}  // namespace
}  // namespace ortforge

#include "ortforge/process/command.hpp"

#include <csignal>

#include <gtest/gtest.h>

#include "ortforge/process/runner.hpp"

namespace ortforge {
namespace {

TEST(DescribeEnding, SaysWhatHappened) {
  EXPECT_EQ(describe(Exited{1}), "exit code 1");
  EXPECT_EQ(describe(Signaled{SIGSEGV}), "killed by SIGSEGV");
  EXPECT_EQ(describe(Signaled{SIGRTMIN + 20}), "killed by signal " + std::to_string(SIGRTMIN + 20));
  EXPECT_EQ(describe(TimedOut{Milliseconds{30000}}), "timed out after 30.0 s");
  EXPECT_EQ(describe(NotStarted{"No such file or directory"}), "not started: No such file or directory");
}

TEST(ShellText, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(shell_word("-DCMAKE_BUILD_TYPE=Release"), "-DCMAKE_BUILD_TYPE=Release");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  for (const char* text :
       {"a b", "a\tb", "a\nb", "\"", "$HOME", "`id`",  "\\", "a;b", "a&b", "a|b", "a<b",
        "a>b", "(",    "*",    "?",  "[a]",   "{a,b}", "~",  "!",   "#",   "^",   "\xC3\xA4"}) {
    EXPECT_EQ(shell_word(text), "'" + std::string(text) + "'");
  }
}

TEST(ShellText, HasEnvironmentAndArguments) {
  EXPECT_EQ(shell_text({{"cmake", "-S", "recipe/test", "-DOUTPUTS=lib;wheel"},
                        {{"FLAGS", "-O2 -g"}, {"SOURCE_DATE_EPOCH", "315532800"}},
                        "src"}),
            "FLAGS='-O2 -g' SOURCE_DATE_EPOCH=315532800 cmake -S recipe/test '-DOUTPUTS=lib;wheel'");
  EXPECT_EQ(shell_text({{"a=b", "c=d"}, {}, {}}), "'a=b' c=d") << "not an assignment";
  EXPECT_EQ(shell_text({}), "");
}

// What bash makes of the text is what the command says.
TEST(ShellText, IsReadBackByAShell) {
  const Command command{{"printf", "%s|", "it's", "a  b", "", "$HOME", "line\nbreak", "\\"}, {}, {}};
  const auto done = run_captured({{"bash", "-c", shell_text(command)}, {{"PATH", "/usr/bin:/bin"}}, "/"});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->output, "it's|a  b||$HOME|line\nbreak|\\|");
}

TEST(Outcome, SucceedsOnlyWithExitCodeZero) {
  EXPECT_TRUE((Outcome{Exited{0}, {}, false}.success()));
  EXPECT_FALSE((Outcome{Exited{1}, {}, false}.success()));
  EXPECT_FALSE((Outcome{Signaled{SIGTERM}, {}, false}.success()));
  EXPECT_FALSE((Outcome{}.success()));
}

}  // namespace
}  // namespace ortforge

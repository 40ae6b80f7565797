#include "ortforge/record/tool_version.hpp"

#include <gtest/gtest.h>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

Result<Captured> on_this_machine(const std::vector<std::string>& argv) {
  Command command;
  command.argv = argv;
  command.environment = {{"PATH", "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
  command.directory = "/";
  return run_captured(command);
}

RunTool saying(const std::string& output, const Ending& ending = Exited{0}) {
  return [=](const std::vector<std::string>&) -> Result<Captured> {
    return Captured{Outcome{ending, {}, false}, output};
  };
}

TEST(ToolVersion, PicksTheLineThatSaysIt) {
  EXPECT_EQ(version_line("g++ (Debian 14.2.0-19) 14.2.0\nCopyright (C) 2024\n"),
            "g++ (Debian 14.2.0-19) 14.2.0");
  EXPECT_EQ(version_line("\n\n1.12.1\n"), "1.12.1");
  EXPECT_EQ(
      version_line(
          "nvcc: NVIDIA (R) Cuda compiler driver\nCopyright (c) 2005-2025 NVIDIA Corporation\n"
          "Built on Wed_Jul_16\nCuda compilation tools, release 13.0, V13.0.48\nBuild cuda_13.0.r13.0\n"),
      "Cuda compilation tools, release 13.0, V13.0.48");
  EXPECT_EQ(version_line("a\x1B[1mb\r\n"), "a[1mb");
  EXPECT_EQ(version_line(std::string(5000, 'x')).size(), 200U);
  EXPECT_EQ(version_line(""), "");
}

TEST(ToolVersion, FindsTheNumber) {
  EXPECT_EQ(version_number("cmake version 3.25.1"), "3.25.1");
  EXPECT_EQ(version_number("g++ (Debian 14.2.0-19) 14.2.0"), "14.2.0");
  EXPECT_EQ(version_number("Cuda compilation tools, release 13.0, V13.0.48"), "13.0");
  EXPECT_EQ(version_number("Python 3.13.5+dfsg"), "3.13.5");
  EXPECT_EQ(version_number("tool 7 of 2.1."), "2.1");
  EXPECT_EQ(version_number("no number"), "");
}

TEST(ToolVersion, AsksRealPrograms) {
  EXPECT_EQ(tool_version("cmake", on_this_machine).value().substr(0, 14), "cmake version ");
  EXPECT_GE(compare_versions(version_number(tool_version("ninja", on_this_machine).value()), "1.5"), 0);
}

TEST(ToolVersion, SaysWhyThereIsNone) {
  EXPECT_EQ(
      tool_version("absent-program", on_this_machine).error(),
      (Error{ErrorKind::missing, "absent-program: no version: not started: No such file or directory", {}}));
  EXPECT_EQ(tool_version("tool", saying("usage: tool", Exited{2})).error().message,
            "tool: no version: exit code 2");
  EXPECT_EQ(tool_version("tool", saying(" \n")).error().message, "tool: no version: it says nothing");
}

TEST(ToolVersion, OneWithoutAVersionDoesNotStopTheOthers) {
  const auto versions = tool_versions({"cmake", "absent-program"}, on_this_machine).value();
  EXPECT_EQ(versions.at("absent-program"),
            "unknown: absent-program: no version: not started: No such file or directory");
  EXPECT_EQ(versions.at("cmake").substr(0, 14), "cmake version ");
}

TEST(ToolVersion, OpensslKnowsNoSuchOption) {
  std::vector<std::string> asked;
  const RunTool run = [&](const std::vector<std::string>& argv) -> Result<Captured> {
    asked = argv;
    return Captured{Outcome{Exited{0}, {}, false}, "OpenSSL 3.0.17"};
  };
  EXPECT_EQ(tool_version("/usr/bin/openssl", run).value(), "OpenSSL 3.0.17");
  EXPECT_EQ(asked, (std::vector<std::string>{"/usr/bin/openssl", "version"}));
}

}  // namespace
}  // namespace ortforge

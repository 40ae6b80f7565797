// Makes a real Debian root from the machine's mirror and enters it: a minute and 200 MB of disk.
#include "ortforge/environment/environment.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/environment/python_launcher.hpp"

namespace ortforge {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

EnvironmentSpec tiny_spec() {
  EnvironmentSpec spec;
  spec.name = "debian-tiny";
  spec.kind = "debian";
  spec.suite = "bookworm";
  spec.debootstrap_variant = "apt";
  spec.components = {"main"};
  spec.programs = {"sh", "dpkg"};
  return spec;
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  return names;
}

TEST(BuildEnvironment, TinyDebianRootIsMadeOnceAndEntered) {
  const TemporaryDirectory folder;
  auto context = environment_context(folder.path());
  ORTFORGE_SKIP_WITHOUT(check_sandbox(context));

  // A second process that wants the same root waits and says so, then takes what the first one made.
  std::atomic<bool> waited{false};
  Result<std::unique_ptr<Environment>> second;
  std::thread other([&, theirs = context]() mutable {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    theirs.progress = [&waited](std::string_view line) {
      if (line.find("waiting for another process") != std::string_view::npos) waited = true;
    };
    second = realize_environment(tiny_spec(), theirs);
  });
  auto made = realize_environment(tiny_spec(), context);
  other.join();
  ORTFORGE_SKIP_WITHOUT(made);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(waited);
  EXPECT_EQ((*second)->root(), (*made)->root());
  EXPECT_EQ((*second)->digest(), (*made)->digest());
  const auto& root = **made;
  EXPECT_THAT(names_in(folder.path() / "environments"),
              testing::ElementsAre("debian-tiny-" + root.digest().hex().substr(0, 12)));
  EXPECT_GT(root.ingredients().size(), 50U);
  EXPECT_FALSE(std::filesystem::exists(root.root() / "etc/resolv.conf"));

  const auto work = folder.path() / "work";
  ASSERT_TRUE(make_directories(work / "home"));
  const auto inside = [&](const std::string& script) {
    const auto captured = run_captured(root.wrap({{"sh", "-c", script}, {}, {}}, work, {}));
    return captured ? captured->output : captured.error().message;
  };
  EXPECT_EQ(inside(". /etc/os-release; echo $VERSION_CODENAME"), "bookworm\n");
  EXPECT_EQ(
      inside("for place in /x /usr/x /etc/x /var/x; do touch $place 2>/dev/null && echo wrote $place; done"),
      "");
  EXPECT_EQ(inside("echo text > /w/file; cat /w/file"), "text\n");
  EXPECT_EQ(inside("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '"), "lo\n");
  EXPECT_EQ(inside("env -u PWD | sort"),
            "HOME=/w/home\nLANG=C.UTF-8\nPATH=/usr/local/bin:/usr/bin:/bin\nTMPDIR=/tmp\nTZ=UTC\n");

  // A root made this minute is what the mirror has; a root whose packages are older is behind.
  const auto current = outdated_packages(tiny_spec(), context);
  ASSERT_TRUE(current) << current.error().message;
  EXPECT_THAT(*current, IsEmpty());
  auto status = *read_file(root.root() / "var/lib/dpkg/status");
  const auto package = status.find("Package: tar\n");
  ASSERT_NE(package, std::string::npos);
  const auto version = status.find("Version: ", package) + 9;
  status.replace(version, status.find('\n', version) - version, "1.30-1");
  ASSERT_TRUE(write_file(root.root() / "var/lib/dpkg/status", status));
  const auto behind = outdated_packages(tiny_spec(), context);
  ASSERT_TRUE(behind) << behind.error().message;
  ASSERT_EQ(behind->size(), 1U);
  EXPECT_EQ(behind->front().package, "tar");
  EXPECT_EQ(behind->front().have, "1.30-1");

  // Other packages asked for: another root, which is not there.
  auto more = tiny_spec();
  more.packages = {"git"};
  const auto other_root = find_environment(more, context);
  ASSERT_TRUE(other_root);
  EXPECT_EQ(*other_root, nullptr);
}

TEST(BuildEnvironment, InterruptedCreationLeavesNothing) {
  const TemporaryDirectory folder;
  auto context = environment_context(folder.path());
  ORTFORGE_SKIP_WITHOUT(check_sandbox(context));
  Interrupt interrupt;
  context.interrupt = &interrupt;
  std::string lines;
  context.progress = [&](std::string_view line) {
    lines += std::string(line) + "\n";
    if (line.find("extracting") != std::string_view::npos) interrupt.request();
  };
  // What a process that was killed left.
  ASSERT_TRUE(write_file(folder.path() / "environments/.tmp-debian-tiny-1/root/etc/passwd", "stale"));
  const auto made = realize_environment(tiny_spec(), context);
  ASSERT_FALSE(made);
  if (made.error().kind == ErrorKind::missing) ORTFORGE_SKIP_WITHOUT(made);
  EXPECT_EQ(made.error().kind, ErrorKind::interrupted) << made.error().message;
  EXPECT_THAT(names_in(folder.path() / "environments"), IsEmpty());
}

TEST(BuildEnvironment, UnreachableMirrorLeavesNothingAndSaysSo) {
  const TemporaryDirectory folder;
  auto context = environment_context(folder.path());
  ORTFORGE_SKIP_WITHOUT(check_sandbox(context));
  context.variables["ORTFORGE_DEBIAN_MIRROR"] = "http://127.0.0.1:9/debian";
  const auto made = realize_environment(tiny_spec(), context);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::missing);
  EXPECT_THAT(made.error().message, HasSubstr("environment debian-tiny: mmdebstrap failed"));
  EXPECT_EQ(made.error().hint,
            "is the mirror http://127.0.0.1:9/debian reachable, and does it have suite bookworm?");
  EXPECT_THAT(names_in(folder.path() / "environments"), IsEmpty());
}

TEST(BuildEnvironment, UnknownPackageIsBadInput) {
  const TemporaryDirectory folder;
  const auto context = environment_context(folder.path());
  ORTFORGE_SKIP_WITHOUT(check_sandbox(context));
  auto spec = tiny_spec();
  spec.packages = {"no-such-package-anywhere"};
  const auto made = realize_environment(spec, context);
  ASSERT_FALSE(made);
  if (made.error().hint.find("reachable") != std::string::npos) ORTFORGE_SKIP_WITHOUT(made);
  EXPECT_EQ(made.error().kind, ErrorKind::bad_input) << made.error().message;
  EXPECT_THAT(made.error().message, HasSubstr("no-such-package-anywhere"));
  EXPECT_THAT(names_in(folder.path() / "environments"), IsEmpty());
}

}  // namespace
}  // namespace ortforge

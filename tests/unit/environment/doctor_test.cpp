#include "ortforge/environment/doctor.hpp"

#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

namespace ortforge {
namespace {

const DoctorFinding* find(const std::vector<DoctorFinding>& findings, const std::string& subject) {
  for (const auto& finding : findings)
    if (finding.subject == subject) return &finding;
  return nullptr;
}

TEST(Doctor, ReportsEverythingAtOnce) {
  const TemporaryDirectory home;
  auto context = environment_context(home.path());
  context.variables["PATH"] = "/does/not/exist";
  EnvironmentSpec host;
  host.name = "host";
  host.kind = "host";
  host.programs = {"sh", "no-such-program"};
  EnvironmentSpec debian;
  debian.name = "debian-trixie";
  debian.kind = "debian";
  debian.suite = "trixie";
  const auto diagnosed = diagnose_environments({host, debian}, context, false);
  ASSERT_TRUE(diagnosed) << diagnosed.error().message;
  const auto& findings = *diagnosed;

  const auto* bubblewrap = find(findings, "program bwrap");
  ASSERT_NE(bubblewrap, nullptr);
  EXPECT_EQ(*bubblewrap, (DoctorFinding{DoctorLevel::problem, "program bwrap", "not found in /does/not/exist",
                                        "apt-get install bubblewrap"}));
  EXPECT_EQ(find(findings, "program mmdebstrap")->remedy, "apt-get install mmdebstrap");
  EXPECT_EQ(find(findings, "program sh")->level, DoctorLevel::good);
  EXPECT_EQ(find(findings, "program no-such-program")->level, DoctorLevel::problem);
  EXPECT_EQ(find(findings, "sandbox")->level, DoctorLevel::problem);
  EXPECT_EQ(find(findings, "environment host")->level, DoctorLevel::problem);
  EXPECT_EQ(find(findings, "environment debian-trixie")->message, "not made yet; the first build makes it");
  EXPECT_NE(find(findings, "disk"), nullptr);
}

TEST(Doctor, AnInterruptIsNoFinding) {
  const TemporaryDirectory home;
  auto context = environment_context(home.path());
  Interrupt interrupt;
  interrupt.request();
  context.interrupt = &interrupt;
  EnvironmentSpec host;
  host.name = "host";
  host.kind = "host";
  host.programs = {"sh"};
  const auto diagnosed = diagnose_environments({host}, context, false);
  ASSERT_FALSE(diagnosed);
  EXPECT_EQ(diagnosed.error().kind, ErrorKind::interrupted);
}

TEST(InstallCommand, NamesEachPackageOnce) {
  EXPECT_EQ(install_command({"newuidmap", "bwrap", "newgidmap", "ninja"}),
            "apt-get install bubblewrap ninja-build uidmap");
}

}  // namespace
}  // namespace ortforge

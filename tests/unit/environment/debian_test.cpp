#include <algorithm>

#include "../../../src/environment/debian_manifest.hpp"
#include "../../../src/environment/debian_mirror.hpp"
#include "../../../src/environment/outdated.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/environment/doctor.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

EnvironmentSpec spec_of(const std::vector<std::string>& packages) {
  EnvironmentSpec spec;
  spec.name = "debian-test";
  spec.kind = "debian";
  spec.suite = "trixie";
  spec.packages = packages;
  return spec;
}

RootManifest manifest_of(const EnvironmentSpec& spec, const std::string& created,
                         const std::string& version) {
  RootManifest manifest{
      root_request(spec), created, {{"gcc", version, "amd64"}, {"libc6", "2.41-12", "amd64"}}, {}};
  manifest.digest = root_digest(manifest.request, manifest.packages);
  return manifest;
}

// A root folder as make_debian_root leaves it, without content.
std::filesystem::path place(const std::filesystem::path& folder, const RootManifest& manifest) {
  const auto path = folder / (manifest.request.name + "-" + manifest.digest.hex().substr(0, 12));
  EXPECT_TRUE(make_directories(path / "root"));
  EXPECT_TRUE(write_file(path / "manifest.json", manifest_text(manifest)));
  return path / "root";
}

TEST(DpkgStatus, TakesInstalledPackagesOnly) {
  const auto packages = parse_dpkg_status(
      "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.3\nDescription: "
      "Package: fake\n"
      " Version: 9\n\n"
      "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n"
      "Package: acl\nStatus: hold ok installed\nArchitecture: all\nVersion: 2.3-1");
  EXPECT_THAT(packages, ElementsAre(InstalledPackage{"acl", "2.3-1", "all"},
                                    InstalledPackage{"zlib1g", "1:1.3", "amd64"}));
  EXPECT_TRUE(parse_dpkg_status("").empty());
}

TEST(RootDigest, CoversRequestAndEveryPackageButNoOrder) {
  const auto base = manifest_of(spec_of({"cmake", "ninja-build"}), "2025-01-01T00:00:00Z", "14.2.0-19");
  EXPECT_EQ(
      manifest_of(spec_of({"ninja-build", "cmake", "cmake"}), "2026-01-01T00:00:00Z", "14.2.0-19").digest,
      base.digest);
  EXPECT_NE(manifest_of(spec_of({"cmake"}), "2025-01-01T00:00:00Z", "14.2.0-19").digest, base.digest);
  EXPECT_NE(manifest_of(spec_of({"cmake", "ninja-build"}), "2025-01-01T00:00:00Z", "14.2.0-20").digest,
            base.digest);
  auto other_architecture = base;
  other_architecture.packages[0].architecture = "arm64";
  EXPECT_NE(root_digest(other_architecture.request, other_architecture.packages), base.digest);
}

TEST(NewestRoot, IsTheYoungestThatFitsTheRequest) {
  const TemporaryDirectory folder;
  const auto spec = spec_of({"cmake"});
  EXPECT_FALSE(newest_root(folder.path() / "none", root_request(spec)));
  EXPECT_FALSE(newest_root(folder.path(), root_request(spec)));
  const auto old = place(folder.path(), manifest_of(spec, "2025-01-01T00:00:00Z", "14.2.0-19"));
  EXPECT_EQ(newest_root(folder.path(), root_request(spec))->root, old);
  const auto young = place(folder.path(), manifest_of(spec, "2025-06-01T00:00:00Z", "14.2.0-20"));
  place(folder.path(), manifest_of(spec_of({"cmake", "git"}), "2025-09-01T00:00:00Z", "14.2.0-20"));
  EXPECT_EQ(newest_root(folder.path(), root_request(spec))->root, young);
  EXPECT_TRUE(std::filesystem::exists(old));
}

TEST(NewestRoot, PassesOverDamagedOnes) {
  const TemporaryDirectory folder;
  const auto spec = spec_of({});
  auto manifest = manifest_of(spec, "2025-01-01T00:00:00Z", "14.2.0-19");
  const auto root = place(folder.path(), manifest);
  manifest.packages[0].version = "15";
  ASSERT_TRUE(write_file(root.parent_path() / "manifest.json", manifest_text(manifest)));
  EXPECT_FALSE(newest_root(folder.path(), root_request(spec)));
  const auto read = read_manifest(root.parent_path() / "manifest.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message,
              HasSubstr("the digest does not belong to this request and these packages"));
}

TEST(FindDebianEnvironment, GivesNothingBeforeItIsMadeAndItsPackagesAfterwards) {
  const TemporaryDirectory home;
  const auto context = environment_context(home.path());
  const auto spec = spec_of({"cmake"});
  const auto before = find_environment(spec, context);
  ASSERT_TRUE(before);
  EXPECT_EQ(*before, nullptr);
  const auto manifest = manifest_of(spec, "2025-01-01T00:00:00Z", "14.2.0-19");
  const auto root = place(home.path() / "environments", manifest);
  const auto found = find_environment(spec, context);
  ORTFORGE_SKIP_WITHOUT(found);
  ASSERT_NE(*found, nullptr);
  EXPECT_EQ((*found)->root(), root);
  EXPECT_EQ((*found)->digest(), manifest.digest);
  EXPECT_THAT((*found)->ingredients(),
              ElementsAre(Ingredient{"gcc", "14.2.0-19"}, Ingredient{"libc6", "2.41-12"}));
}

TEST(DoctorOfADebianRoot, SaysHowToRenewOneThatIsBehindItsMirror) {
  const TemporaryDirectory home;
  const auto bin = home.path() / "bin";
  ASSERT_TRUE(write_file(bin / "apt-config", "#!/bin/sh\n", true));
  ASSERT_TRUE(write_file(bin / "apt-get",
                         "#!/bin/sh\n"
                         "case \"$*\" in\n"
                         "*dist-upgrade) echo 'Inst gcc [14.2.0-19] (14.2.0-20 Debian:13.2/stable [amd64])'\n"
                         "esac\n",
                         true));
  auto context = environment_context(home.path());
  context.variables["PATH"] = bin.string() + ":/usr/bin:/bin";
  context.variables["ORTFORGE_DEBIAN_MIRROR"] = "http://example.invalid/debian";
  const auto spec = spec_of({"cmake"});
  const auto root =
      place(home.path() / "environments", manifest_of(spec, "2025-01-01T00:00:00Z", "14.2.0-19"));
  const auto findings = diagnose_environments({spec}, context, true);
  ASSERT_TRUE(findings) << findings.error().message;
  const auto about = std::find_if(findings->begin(), findings->end(), [](const DoctorFinding& finding) {
    return finding.subject == "environment debian-test";
  });
  ASSERT_NE(about, findings->end());
  EXPECT_EQ(about->level, DoctorLevel::note);
  EXPECT_EQ(about->message,
            "made 2025-01-01T00:00:00Z, 2 packages; its mirror has 1 newer, gcc first; the root stays "
            "usable");
  EXPECT_EQ(about->remedy, "rm -r " + root.parent_path().string() +
                               "; the next build or fetch makes it anew (results made in it need the old one "
                               "for bin/python)");
}

TEST(ChooseMirror, PrefersTheArchiveThatHasTheSuite) {
  const std::string lines =
      "bookworm-security\tbookworm-security\tDebian\tDebian-Security\thttp://example.invalid/security/"
      "\tmain\n"
      "bookworm\tbookworm\tDebian\tDebian\thttp://example.invalid/debian/\tmain\n"
      "noble\tnoble\tUbuntu\tUbuntu\thttp://example.invalid/ubuntu/\tmain\n"
      "testing\tforky\tDebian\tDebian\thttp://example.invalid/other/\tmain\n";
  EXPECT_EQ(choose_mirror(lines, "trixie"), "http://example.invalid/debian/");
  EXPECT_EQ(choose_mirror(lines, "forky"), "http://example.invalid/other/");
}

TEST(ChooseMirror, WorksBeforeTheFirstUpdateAndRefusesOthers) {
  EXPECT_EQ(
      choose_mirror("stable-security\t$(CODENAME)\t$(ORIGIN)\t$(LABEL)\thttp://example.invalid/s/\tmain\n"
                    "stable\t$(CODENAME)\t$(ORIGIN)\t$(LABEL)\thttp://example.invalid/d/\tmain\n",
                    "trixie"),
      "http://example.invalid/d/");
  EXPECT_EQ(choose_mirror("noble\tnoble\tUbuntu\tUbuntu\thttp://example.invalid/ubuntu/\tmain\n", "trixie"),
            "");
  EXPECT_EQ(choose_mirror("", "trixie"), "");
}

TEST(DebianMirror, CanBeGivenByHand) {
  auto context = environment_context("/does/not/exist");
  context.variables["ORTFORGE_DEBIAN_MIRROR"] = "http://example.invalid/debian";
  const auto mirror = debian_mirror("trixie", context);
  ORTFORGE_SKIP_WITHOUT(mirror);
  EXPECT_EQ(mirror->source_line("trixie", {"main", "non-free"}),
            "deb http://example.invalid/debian trixie main non-free");
}

TEST(ParseUpgrades, ReadsWhatAptWouldInstall) {
  const auto packages = parse_upgrades(
      "Reading package lists...\n"
      "Inst libc6 [2.41-12] (2.41-13 Debian:13.2/stable [amd64]) []\n"
      "Inst new-library (1.0-1 Debian:13.2/stable [amd64])\n"
      "Conf libc6 (2.41-13 Debian:13.2/stable [amd64])\n");
  ASSERT_EQ(packages.size(), 2U);
  EXPECT_EQ(packages[0].package, "libc6");
  EXPECT_EQ(packages[0].have, "2.41-12");
  EXPECT_EQ(packages[0].offered, "2.41-13");
  EXPECT_EQ(packages[1].package, "new-library");
  EXPECT_EQ(packages[1].have, "");
  EXPECT_EQ(packages[1].offered, "1.0-1");
}

}  // namespace
}  // namespace ortforge

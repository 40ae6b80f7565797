#include "ortforge/environment/doctor.hpp"

#include <array>
#include <set>
#include <utility>

#include "debian_manifest.hpp"
#include "realized.hpp"
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

constexpr std::uint64_t comfortable_bytes = std::uint64_t{10} << 30;
constexpr std::uint64_t least_bytes = std::uint64_t{2} << 30;

// Debian packages (bookworm) of the programs ortforge or a build may ask for.
constexpr std::array package_of_program{std::pair{"bwrap", "bubblewrap"},
                                        std::pair{"mmdebstrap", "mmdebstrap"},
                                        std::pair{"newuidmap", "uidmap"},
                                        std::pair{"newgidmap", "uidmap"},
                                        std::pair{"setpriv", "util-linux"},
                                        std::pair{"tar", "tar"},
                                        std::pair{"env", "coreutils"},
                                        std::pair{"cmake", "cmake"},
                                        std::pair{"ninja", "ninja-build"},
                                        std::pair{"cc", "gcc"},
                                        std::pair{"c++", "g++"},
                                        std::pair{"gcc", "gcc"},
                                        std::pair{"g++", "g++"},
                                        std::pair{"python3", "python3"},
                                        std::pair{"ccache", "ccache"},
                                        std::pair{"patch", "patch"},
                                        std::pair{"git", "git"},
                                        std::pair{"ar", "binutils"},
                                        std::pair{"strip", "binutils"},
                                        std::pair{"objcopy", "binutils"},
                                        std::pair{"apt-get", "apt"},
                                        std::pair{"patchelf", "patchelf"},
                                        std::pair{"make", "make"},
                                        std::pair{"xz", "xz-utils"}};

std::string package_of(const std::string& program) {
  for (const auto& [name, package] : package_of_program)
    if (program == name) return package;
  return program;
}

void look_at_programs(const std::vector<EnvironmentSpec>& specs, const EnvironmentContext& context,
                      std::vector<DoctorFinding>& findings) {
  std::vector<std::pair<std::string, std::string>> wanted{{"bwrap", user_path(context)}};
  const auto add = [&wanted](const std::string& program, const std::string& path) {
    for (const auto& [name, where] : wanted)
      if (name == program) return;
    wanted.emplace_back(program, path);
  };
  for (const auto& spec : specs) {
    if (spec.kind == "debian") {
      for (const char* program : {"mmdebstrap", "apt-get"}) add(program, user_path(context));
      if (::geteuid() != 0) add("newuidmap", user_path(context));
    } else if (spec.kind == "host") {
      for (const auto& program : spec.programs) add(program, sandbox_path);
    }
  }
  for (const auto& [program, path] : wanted) {
    const auto found = find_program(program, path);
    if (found)
      findings.push_back({DoctorLevel::good, "program " + program, found->string(), ""});
    else
      findings.push_back(
          {DoctorLevel::problem, "program " + program, "not found in " + path, install_command({program})});
  }
}

// How a root that is behind its mirror gives way to a new one.
std::string renewal(const FoundRoot& found) {
  return fmt::format(
      "rm -r {}; the next build or fetch makes it anew (results made in it need the old one for bin/python)",
      found.root.parent_path().string());
}

Result<void> look_at_sandbox(const EnvironmentContext& context, std::vector<DoctorFinding>& findings) {
  const auto sandbox = check_sandbox(context);
  if (!sandbox && sandbox.error().kind == ErrorKind::interrupted) return pass_on(sandbox.error());
  if (sandbox)
    findings.push_back({DoctorLevel::good, "sandbox", "bubblewrap makes one", ""});
  else
    findings.push_back({DoctorLevel::problem, "sandbox", sandbox.error().message, sandbox.error().hint});
  return {};
}

Result<void> look_at_root(const EnvironmentSpec& spec, const EnvironmentContext& context, bool ask_mirror,
                          std::vector<DoctorFinding>& findings) {
  const auto subject = "environment " + spec.name;
  const auto found = newest_root(environments_folder(context), root_request(spec));
  if (!found) {
    findings.push_back({DoctorLevel::note, subject, "not made yet; the first build makes it", ""});
    return {};
  }
  const auto& manifest = found->manifest;
  const auto about = fmt::format("made {}, {} packages", manifest.created, manifest.packages.size());
  if (!ask_mirror) {
    findings.push_back({DoctorLevel::good, subject, about, ""});
    return {};
  }
  const auto outdated = outdated_packages(spec, context);
  if (!outdated && outdated.error().kind == ErrorKind::interrupted) return pass_on(outdated.error());
  if (!outdated)
    findings.push_back(
        {DoctorLevel::note, subject, about + "; " + outdated.error().message, outdated.error().hint});
  else if (outdated->empty())
    findings.push_back({DoctorLevel::good, subject, about + ", as its mirror has them", ""});
  else
    findings.push_back({DoctorLevel::note, subject,
                        fmt::format("{}; its mirror has {} newer, {} first; the root stays usable", about,
                                    outdated->size(), outdated->front().package),
                        renewal(*found)});
  return {};
}

Result<void> look_at_host(const EnvironmentSpec& spec, const EnvironmentContext& context,
                          std::vector<DoctorFinding>& findings) {
  const auto found = find_environment(spec, context);
  if (!found && found.error().kind == ErrorKind::interrupted) return pass_on(found.error());
  const auto subject = "environment " + spec.name;
  if (found)
    findings.push_back({DoctorLevel::good, subject,
                        fmt::format("{} files and packages identify it", (*found)->ingredients().size()),
                        ""});
  else
    findings.push_back({DoctorLevel::problem, subject, found.error().message, found.error().hint});
  return {};
}

void look_at_disk(const EnvironmentContext& context, std::vector<DoctorFinding>& findings) {
  const auto free = free_bytes(context.home);
  if (!free) {
    findings.push_back(
        {DoctorLevel::problem, "disk", free.error().message, "choose another home with --home"});
    return;
  }
  const auto message = fmt::format("{} free for {}", format_bytes(*free), context.home.string());
  if (*free < least_bytes)
    findings.push_back(
        {DoctorLevel::problem, "disk", message, "free some space or choose another home with --home"});
  else if (*free < comfortable_bytes)
    findings.push_back({DoctorLevel::note, "disk", message + "; a large build takes up to 10 GiB", ""});
  else
    findings.push_back({DoctorLevel::good, "disk", message, ""});
}

}  // namespace

std::string install_command(const std::vector<std::string>& programs) {
  std::set<std::string> packages;
  for (const auto& program : programs) packages.insert(package_of(program));
  return "apt-get install " + join({packages.begin(), packages.end()}, " ");
}

Result<std::vector<DoctorFinding>> diagnose_environments(const std::vector<EnvironmentSpec>& specs,
                                                         const EnvironmentContext& context, bool ask_mirror) {
  std::vector<DoctorFinding> findings;
  look_at_programs(specs, context, findings);
  ORTFORGE_CHECK(look_at_sandbox(context, findings));
  for (const auto& spec : specs) {
    ORTFORGE_CHECK(spec.kind == "debian" ? look_at_root(spec, context, ask_mirror, findings)
                                         : look_at_host(spec, context, findings));
  }
  look_at_disk(context, findings);
  if (context.interrupt != nullptr && context.interrupt->requested())
    return fail(ErrorKind::interrupted, "interrupted");
  return findings;
}

}  // namespace ortforge

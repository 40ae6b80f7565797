#include "debian_mirror.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* target_format =
    "$(RELEASE)\t$(CODENAME)\t$(ORIGIN)\t$(LABEL)\t$(REPO_URI)\t$(COMPONENT)";

// How well an archive serves a suite; 0: not at all.
int rank(const std::vector<std::string>& fields, const std::string& suite) {
  const auto& release = fields[0];
  const auto& codename = fields[1];
  const auto& origin = fields[2];
  const auto& label = fields[3];
  if (fields[5] != "main") return 0;
  // Fields that come from a Release file are unknown until `apt-get update` ran once.
  const bool unknown = origin.starts_with("$(");
  if (!unknown && (origin != "Debian" || label != "Debian")) return 0;
  if (release == suite || codename == suite) return 3;
  const bool part_of_a_suite = release.find_first_of("-/") != std::string::npos;
  if (!unknown) return part_of_a_suite ? 1 : 2;
  return part_of_a_suite ? 0 : 1;
}

Result<std::string> ask_apt(const std::vector<std::string>& argv, const EnvironmentContext& context) {
  Command command{argv, context.variables, "/"};
  command.environment["LC_ALL"] = "C";
  ORTFORGE_TRY(const auto asked, run_captured(command, Milliseconds{30000}, context.interrupt));
  if (asked.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (!asked.outcome.success())
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("{}: {}: {}", join(argv, " "), describe(asked.outcome.ending), trim(asked.output)),
        "Debian roots need apt on this machine; ORTFORGE_DEBIAN_MIRROR names a mirror by hand");
  return asked.output;
}

}  // namespace

std::string Mirror::source_line(const std::string& suite, const std::vector<std::string>& components) const {
  return fmt::format("deb {} {} {}", uri, suite, join(components, " "));
}

std::string choose_mirror(std::string_view targets, const std::string& suite) {
  std::string best;
  int best_rank = 0;
  for (const auto& line : split(targets, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() != 6) continue;
    const int fit = rank(fields, suite);
    if (fit > best_rank) {
      best_rank = fit;
      best = fields[4];
    }
  }
  return best;
}

Result<Mirror> debian_mirror(const std::string& suite, const EnvironmentContext& context) {
  Mirror mirror;
  const auto given = context.variables.find("ORTFORGE_DEBIAN_MIRROR");
  if (given != context.variables.end() && !given->second.empty()) {
    mirror.uri = given->second;
  } else {
    ORTFORGE_TRY(
        const auto targets,
        ask_apt({"apt-get", "indextargets", "--format", target_format, "Created-By: Packages"}, context));
    mirror.uri = choose_mirror(targets, suite);
    if (mirror.uri.empty())
      return fail_with_hint(
          ErrorKind::missing, "apt's source lists on this machine name no Debian archive",
          "add a Debian mirror to /etc/apt/sources.list.d, or set ORTFORGE_DEBIAN_MIRROR to its address");
  }
  ORTFORGE_TRY(const auto configuration, ask_apt({"apt-config", "dump", "Acquire"}, context));
  for (const auto& line : split(configuration, '\n'))
    if (line.find("::Proxy") != std::string::npos && !line.ends_with(" \"\";"))
      mirror.apt_options.push_back(line);
  // From package debian-archive-keyring: the keys of every suite, also on machines that trust another one
  // only.
  const fs::path keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  std::error_code error;
  if (fs::exists(keyring, error)) mirror.keyring = keyring;
  return mirror;
}

}  // namespace ortforge

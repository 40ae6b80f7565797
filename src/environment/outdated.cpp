#include "outdated.hpp"

#include "debian_manifest.hpp"
#include "debian_mirror.hpp"
#include "realized.hpp"
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class ScratchFolder {
 public:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { (void)remove_tree(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// apt-get with lists, sources and state of its own, and dpkg's status from the root.
Result<std::string> private_apt(const fs::path& scratch, const fs::path& root,
                                const std::vector<std::string>& words, const EnvironmentContext& context) {
  Command command;
  command.argv = {"apt-get", "-q"};
  for (const auto& option : std::vector<std::string>{
           "Dir::Etc::sourcelist=" + (scratch / "sources.list").string(), "Dir::Etc::sourceparts=-",
           "Dir::Etc::preferences=-", "Dir::Etc::preferencesparts=-", "Dir::State=" + scratch.string(),
           "Dir::State::lists=" + (scratch / "lists").string(),
           "Dir::State::status=" + (root / "var/lib/dpkg/status").string(), "Dir::Cache=" + scratch.string(),
           "Dir::Cache::archives=" + (scratch / "archives").string(), "Debug::NoLocking=1",
           "APT::Sandbox::User=", "APT::Get::Show-User-Simulation-Note=0",
           "APT::Update::Post-Invoke::=", "Acquire::Languages=none"})
    command.argv.insert(command.argv.end(), {"-o", option});
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.environment = context.variables;
  command.environment["LC_ALL"] = "C";
  command.directory = "/";
  ORTFORGE_TRY(const auto run, run_captured(command, Milliseconds{300000}, context.interrupt));
  if (run.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  // apt-get update ends with 0 although it could not fetch anything, and says so in lines "W: Failed to
  // fetch".
  if (!run.outcome.success() || run.output.find("Failed to fetch") != std::string::npos)
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("apt-get {}: {}: {}", words.back(), describe(run.outcome.ending), trim(run.output)),
        "is the Debian mirror of this machine reachable?");
  return run.output;
}

}  // namespace

std::vector<Outdated> parse_upgrades(std::string_view simulation) {
  std::vector<Outdated> packages;
  for (const auto& line : split(simulation, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() < 3 || words[0] != "Inst") continue;
    // "Inst libc6 [2.41-12] (2.41-13 Debian:13.2/stable [amd64]) []"; a new dependency has no version in
    // brackets.
    const bool present = words[2].starts_with("[");
    const std::size_t offer = present ? 3 : 2;
    if (words.size() <= offer || !words[offer].starts_with("(")) continue;
    Outdated package{words[1], "", words[offer].substr(1)};
    if (present) package.have = words[2].substr(1, words[2].size() - 2);
    packages.push_back(std::move(package));
  }
  return packages;
}

Result<std::vector<Outdated>> outdated_packages(const EnvironmentSpec& spec,
                                                const EnvironmentContext& context) {
  if (spec.kind != "debian") return std::vector<Outdated>();
  const auto request = root_request(spec);
  const auto found = newest_root(environments_folder(context), request);
  if (!found) return std::vector<Outdated>();
  ORTFORGE_TRY(const auto mirror, debian_mirror(spec.suite, context));

  const ScratchFolder scratch(fs::temp_directory_path() / fmt::format("ortforge-apt-{}", ::getpid()));
  for (const char* folder : {"lists/partial", "archives/partial"})
    ORTFORGE_CHECK(make_directories(scratch.path() / folder));
  std::string signing;
  if (!mirror.keyring.empty()) signing = fmt::format("[signed-by={}] ", mirror.keyring.string());
  const auto line =
      fmt::format("deb {}{} {} {}\n", signing, mirror.uri, spec.suite, join(request.components, " "));
  ORTFORGE_CHECK(write_file(scratch.path() / "sources.list", line));

  ORTFORGE_CHECK(private_apt(scratch.path(), found->root, {"update"}, context));
  ORTFORGE_TRY(const auto simulation,
               private_apt(scratch.path(), found->root, {"--simulate", "dist-upgrade"}, context));
  return parse_upgrades(simulation);
}

}  // namespace ortforge

#include "debian_root.hpp"

#include <chrono>
#include <ctime>
#include <deque>

#include "debian_mirror.hpp"
#include "mounts.hpp"
#include "sandbox.hpp"
#include <fmt/chrono.h>
#include <pwd.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/environment/doctor.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// A buildd root with a compiler, Python and headers takes 0.9 GiB, its packages and a tar archive of it as
// much again.
constexpr std::uint64_t needed_bytes = std::uint64_t{5} << 29;
constexpr Milliseconds creation_limit{3'600'000};
// mmdebstrap undoes what it did on SIGINT.
constexpr Milliseconds creation_grace{30'000};

bool is_root() {
  return ::geteuid() == 0;
}

// A folder that is removed unless it was kept.
class TemporaryTree {
 public:
  explicit TemporaryTree(fs::path path) : path_(std::move(path)) {}
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;
  ~TemporaryTree() {
    if (!path_.empty()) (void)remove_unmounted(path_);
  }
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

Result<void> check_programs(const EnvironmentContext& context) {
  std::vector<std::string> missing;
  std::vector<std::string> wanted{"mmdebstrap", "setpriv"};
  if (!is_root()) wanted.insert(wanted.end(), {"newuidmap", "newgidmap", "tar"});
  for (const auto& program : wanted)
    if (!find_program(program, user_path(context))) missing.push_back(program);
  if (!missing.empty())
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("a Debian root needs {}, not in PATH on this machine", join(missing, ", ")),
        install_command(missing));
  if (is_root()) return {};
  const passwd* user = ::getpwuid(::geteuid());
  const std::string name = user != nullptr ? user->pw_name : std::to_string(::geteuid());
  const auto ranges = read_file("/etc/subuid");
  for (const auto& line : split(ranges ? *ranges : "", '\n'))
    if (line.starts_with(name + ":") || line.starts_with(std::to_string(::geteuid()) + ":")) return {};
  return fail_with_hint(
      ErrorKind::missing, fmt::format("user {} has no subordinate user ids in /etc/subuid", name),
      fmt::format("usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {} (as root)", name));
}

// Runs a program, hands its lines on as progress, and gives the last ones for error messages.
struct Run {
  Outcome outcome;
  std::string tail;
};
Result<Run> run_with_progress(const Command& command, const EnvironmentContext& context) {
  constexpr std::size_t tail_lines = 15;
  std::deque<std::string> tail;
  std::string pending;
  RunOptions options;
  options.timeout = creation_limit;
  options.grace = creation_grace;
  options.on_output = [&](std::string_view text) {
    pending += text;
    for (auto end = pending.find_first_of("\r\n"); end != std::string::npos;
         end = pending.find_first_of("\r\n")) {
      const auto line = pending.substr(0, end);
      pending.erase(0, end + 1);
      if (line.empty()) continue;
      if (context.progress) context.progress(line);
      tail.push_back(line);
      if (tail.size() > tail_lines) tail.pop_front();
    }
  };
  const auto runner = make_process_runner(context.interrupt);
  ORTFORGE_CHECK(runner->start(command, options));
  for (;;) {
    ORTFORGE_TRY(const auto finished, runner->wait(Milliseconds{1000}));
    if (finished) return Run{finished->outcome, join({tail.begin(), tail.end()}, "\n") + pending};
  }
}

// What to do about a failed mmdebstrap, from what apt and mmdebstrap said.
tl::unexpected<Error> explain(const Run& run, const EnvironmentSpec& spec, const Mirror& mirror) {
  if (run.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted while making {}", spec.name);
  const auto says = [&run](std::string_view text) { return run.tail.find(text) != std::string::npos; };
  auto message = fmt::format("environment {}: mmdebstrap failed ({}):\n{}", spec.name,
                             describe(run.outcome.ending), run.tail);
  if (says("Unable to locate package") || says("has no installation candidate"))
    return fail_with_hint(ErrorKind::bad_input, std::move(message),
                          fmt::format("a package of {} is not in suite {}", spec.name, spec.suite));
  if (says("No space left"))
    return fail_with_hint(ErrorKind::missing, std::move(message), "free some disk space");
  if (says("NO_PUBKEY") || says("not signed") || says("public key is not available"))
    return fail_with_hint(ErrorKind::missing, std::move(message), "apt-get install debian-archive-keyring");
  return fail_with_hint(
      ErrorKind::missing, std::move(message),
      fmt::format("is the mirror {} reachable, and does it have suite {}?", mirror.uri, spec.suite));
}

Command mmdebstrap(const EnvironmentSpec& spec, const RootRequest& request, const Mirror& mirror,
                   const fs::path& target, const EnvironmentContext& context) {
  Command command;
  // When ortforge is killed, mmdebstrap gets SIGTERM and cleans up after itself.
  command.argv = {"setpriv", "--pdeathsig", "TERM", "mmdebstrap", "--variant=" + request.variant};
  command.argv.push_back(is_root() ? "--mode=root" : "--mode=unshare");
  command.argv.push_back(is_root() ? "--format=directory" : "--format=tar");
  if (!request.packages.empty()) command.argv.push_back("--include=" + join(request.packages, ","));
  if (!mirror.keyring.empty()) command.argv.push_back("--keyring=" + mirror.keyring.string());
  for (const auto& option : mirror.apt_options) command.argv.push_back("--aptopt=" + option);
  command.argv.insert(command.argv.end(),
                      {spec.suite, target.string(), mirror.source_line(spec.suite, request.components)});
  command.environment = context.variables;
  command.environment["LC_ALL"] = "C.UTF-8";
  command.directory = "/";
  return command;
}

// Unpacks with the user's own rights: everything then belongs to the user, who can remove it again without
// help.
Result<void> unpack(const fs::path& archive, const fs::path& root, const EnvironmentContext& context) {
  ORTFORGE_CHECK(make_directories(root));
  const Command command{{"tar", "--extract", "--file", archive.string(), "--directory", root.string(),
                         "--no-same-owner", "--exclude=./dev/*"},
                        context.variables,
                        "/"};
  ORTFORGE_TRY(const auto run, run_with_progress(command, context));
  if (run.outcome.interrupted)
    return fail(ErrorKind::interrupted, "interrupted while unpacking {}", archive.string());
  if (!run.outcome.success())
    return fail(ErrorKind::missing, "cannot unpack {}: {}: {}", archive.string(),
                describe(run.outcome.ending), run.tail);
  return remove_tree(archive);
}

// Names of the machine that mmdebstrap copies into a root are taken out; the mount point of the work folder
// is made.
Result<void> prepare(const fs::path& root) {
  for (const char* file : {"etc/hostname", "etc/resolv.conf"}) ORTFORGE_CHECK(remove_tree(root / file));
  return make_directories(root / "w");
}

bool has_program(const fs::path& root, const std::string& program) {
  std::error_code error;
  for (const char* folder : {"usr/local/bin", "usr/bin", "bin"})
    if (fs::exists(fs::symlink_status(root / folder / program, error))) return true;
  return false;
}

Result<void> check_content(const EnvironmentSpec& spec, const fs::path& root,
                           const std::vector<InstalledPackage>& packages) {
  for (const auto& program : spec.programs)
    if (!has_program(root, program))
      return fail(ErrorKind::bad_input, "environment {}: none of its packages brings program '{}'", spec.name,
                  program);
  if (spec.python.empty()) return {};
  std::string found = "none";
  for (const auto& package : packages)
    if (package.name == "python3") found = package.version;
  if (found.starts_with(spec.python + ".") || found.starts_with(spec.python + "-")) return {};
  return fail(ErrorKind::bad_input, "environment {}: expected Python {}, suite {} has {}", spec.name,
              spec.python, spec.suite, found);
}

}  // namespace

Result<FoundRoot> make_debian_root(const EnvironmentSpec& spec, const fs::path& folder,
                                   const EnvironmentContext& context) {
  const auto prefix = ".tmp-" + spec.name + "-";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (is_numbered(entry.path().filename().string(), prefix)) ORTFORGE_CHECK(remove_unmounted(entry.path()));

  ORTFORGE_CHECK(check_programs(context));
  ORTFORGE_TRY(const auto free, free_bytes(folder));
  if (free < needed_bytes)
    return fail_with_hint(ErrorKind::missing,
                          fmt::format("environment {} needs {} on the disk of {}, {} are free", spec.name,
                                      format_bytes(needed_bytes), folder.string(), format_bytes(free)),
                          "free some space or choose another home with --home");
  ORTFORGE_TRY(const auto mirror, debian_mirror(spec.suite, context));

  const auto request = root_request(spec);
  TemporaryTree temporary(folder / (prefix + std::to_string(::getpid())));
  const auto root = temporary.path() / "root";
  const auto target = is_root() ? root : temporary.path() / "root.tar";
  ORTFORGE_CHECK(make_directories(temporary.path()));
  if (context.progress) context.progress(fmt::format("making environment {} (about a minute)", spec.name));
  ORTFORGE_TRY(const auto run,
               run_with_progress(mmdebstrap(spec, request, mirror, target, context), context));
  if (!run.outcome.success()) return explain(run, spec, mirror);
  if (!is_root()) ORTFORGE_CHECK(unpack(target, root, context));

  ORTFORGE_CHECK(prepare(root));
  RootManifest manifest{request, {}, {}, {}};
  ORTFORGE_TRY(manifest.packages, installed_packages(root));
  ORTFORGE_CHECK(check_content(spec, root, manifest.packages));
  manifest.digest = root_digest(request, manifest.packages);
  manifest.created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  ORTFORGE_CHECK(write_file(temporary.path() / "manifest.json", manifest_text(manifest)));

  const auto final_path = folder / (spec.name + "-" + manifest.digest.hex().substr(0, 12));
  // A root that could be entered would have been found: what lies there is damaged.
  ORTFORGE_CHECK(remove_unmounted(final_path));
  ORTFORGE_CHECK(rename_path(temporary.path(), final_path));
  temporary.keep();
  return FoundRoot{final_path / "root", std::move(manifest)};
}

}  // namespace ortforge

#include "sandbox.hpp"

#include <array>
#include <filesystem>

#include "ortforge/environment/doctor.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// The host's folders that hold programs, libraries and their configuration. Those that are links (merged
// /usr) are made as links again. /nix: systems whose compilers live there.
constexpr std::array system_folders{"usr",   "bin",    "sbin", "lib", "lib32",
                                    "lib64", "libx32", "etc",  "opt", "nix"};

std::vector<std::string> host_root_arguments() {
  std::vector<std::string> arguments{"--tmpfs", "/"};
  for (const char* name : system_folders) {
    const fs::path folder = fs::path("/") / name;
    std::error_code error;
    if (fs::is_symlink(folder, error)) {
      const fs::path target = fs::read_symlink(folder, error);
      if (!error) arguments.insert(arguments.end(), {"--symlink", target.string(), folder.string()});
    } else if (fs::is_directory(folder, error)) {
      arguments.insert(arguments.end(), {"--ro-bind", folder.string(), folder.string()});
    }
  }
  return arguments;
}

std::string in_work(const fs::path& relative) {
  return relative.empty() ? "/w" : (fs::path("/w") / relative).lexically_normal().string();
}

}  // namespace

std::string user_path(const EnvironmentContext& context) {
  const auto found = context.variables.find("PATH");
  return found != context.variables.end() ? found->second : std::string(sandbox_path);
}

Ending ending_inside(const Ending& ending) {
  constexpr int signal_base = 128;
  constexpr int last_signal = 64;
  const auto* exited = std::get_if<Exited>(&ending);
  if (exited == nullptr || exited->code <= signal_base || exited->code > signal_base + last_signal)
    return ending;
  return Signaled{exited->code - signal_base};
}

Result<Sandbox> Sandbox::locate(const fs::path& root, const EnvironmentContext& context) {
  Sandbox sandbox;
  for (const auto& [program, place] :
       {std::pair{"bwrap", &sandbox.bubblewrap_}, {"env", &sandbox.env_program_}}) {
    const auto found = find_program(program, user_path(context));
    if (!found)
      return fail_with_hint(ErrorKind::missing, fmt::format("sandbox: program '{}' is not in PATH", program),
                            install_command({program}));
    *place = found->string();
  }
  if (const auto terminal = context.variables.find("TERM"); terminal != context.variables.end())
    sandbox.terminal_ = terminal->second;
  if (root == "/")
    sandbox.root_arguments_ = host_root_arguments();
  else
    sandbox.root_arguments_ = {"--ro-bind", root.string(), "/"};
  return sandbox;
}

Command Sandbox::wrap(const Command& command, const fs::path& work, const std::vector<Mount>& mounts,
                      const SandboxUse& use) const {
  Command wrapped;
  wrapped.directory = "/";
  auto& argv = wrapped.argv;
  const auto add = [&argv](std::initializer_list<std::string> more) { argv.insert(argv.end(), more); };

  // bubblewrap ignores SIGINT, the command does not: on Ctrl-C ninja gets the time to remove half-written
  // outputs, while bubblewrap's end would mean SIGKILL for everything inside.
  add({env_program_, "--ignore-signal=INT", bubblewrap_});
  add({"--die-with-parent", "--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
       "--unshare-net"});
  if (use.holds_descriptor) add({"--sync-fd", std::to_string(inherited_descriptor)});
  add({"--hostname", "ortforge", "--cap-drop", "ALL"});
  argv.insert(argv.end(), root_arguments_.begin(), root_arguments_.end());
  add({"--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"});
  for (const auto& device : use.devices) add({"--dev-bind", device.string(), device.string()});
  for (const auto& folder : use.folders) add({"--ro-bind", folder.string(), folder.string()});
  add({"--bind", work.string(), "/w"});
  for (const auto& mount : mounts)
    add({mount.writable ? "--bind" : "--ro-bind", mount.source.string(), in_work(mount.target)});
  // Only now: on an empty root the mount points had to be made first.
  add({"--remount-ro", "/", "--chdir", in_work(command.directory), "--clearenv"});

  std::map<std::string, std::string> variables{
      {"PATH", sandbox_path}, {"HOME", "/w/home"}, {"LANG", "C.UTF-8"}, {"TMPDIR", "/tmp"}, {"TZ", "UTC"}};
  if (use.interactive && !terminal_.empty()) variables["TERM"] = terminal_;
  for (const auto& [name, value] : command.environment) variables[name] = value;
  for (const auto& [name, value] : variables) add({"--setenv", name, value});

  add({"--", "/usr/bin/env", "--default-signal=INT", "--"});
  argv.insert(argv.end(), command.argv.begin(), command.argv.end());
  return wrapped;
}

Result<void> check_sandbox(const EnvironmentContext& context) {
  ORTFORGE_TRY(const auto sandbox, Sandbox::locate("/", context));
  const auto work = fs::temp_directory_path();
  ORTFORGE_TRY(const auto tried, run_captured(sandbox.wrap(Command{{"true"}, {}, {}}, work, {}, {}),
                                              Milliseconds{20000}, context.interrupt));
  if (tried.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (tried.outcome.success()) return {};
  return fail_with_hint(
      ErrorKind::missing,
      fmt::format("sandbox: bubblewrap cannot make one here ({}): {}", describe(tried.outcome.ending),
                  trim(tried.output)),
      "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
      "user.max_user_namespaces above 0; "
      "on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), run as root, or start the container with "
      "CAP_SYS_ADMIN and an unmasked /proc (docker run --privileged)");
}

}  // namespace ortforge

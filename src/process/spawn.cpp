#include "spawn.hpp"

#include <cerrno>
#include <csignal>
#include <optional>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ortforge/process/runner.hpp"

namespace ortforge {
namespace {

// posix_spawn's two option objects; every call on them returns the error number itself and leaves errno
// alone.
class SpawnSettings {
 public:
  SpawnSettings() {
    note(posix_spawn_file_actions_init(&actions));
    note(posix_spawnattr_init(&attributes));
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }

  void note(int result) {
    if (error == 0) error = result;
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  int error = 0;
};

void set_signals(SpawnSettings& settings) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  settings.note(posix_spawnattr_setsigmask(&settings.attributes, &none));
  settings.note(posix_spawnattr_setsigdefault(&settings.attributes, &all));
}

// The path to hand to posix_spawn: names without "/" are looked up in the command's own PATH.
std::optional<std::string> program_path(const Command& command) {
  if (command.argv.empty()) return std::nullopt;
  const std::string& program = command.argv.front();
  if (program.find('/') != std::string::npos) return program;
  const auto path = command.environment.find("PATH");
  if (path == command.environment.end()) return std::nullopt;
  const auto found = find_program(program, path->second);
  if (!found) return std::nullopt;
  return found->string();
}

}  // namespace

void Descriptor::reset() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

tl::expected<pid_t, int> spawn(const Command& command, Streams streams, int output, int inherited) {
  const auto program = program_path(command);
  if (!program) return tl::unexpected<int>(ENOENT);

  SpawnSettings settings;
  auto* actions = &settings.actions;
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (streams == Streams::piped) {
    // A session of its own rather than only a group: without a terminal nothing can stop to ask for a
    // password.
    flags = static_cast<short>(flags | POSIX_SPAWN_SETSID);
    settings.note(posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
    settings.note(posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO));
    settings.note(posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO));
  }
  // After the streams: `output` may have this very number. On itself, dup2 takes off close-on-exec here.
  if (inherited >= 0)
    settings.note(posix_spawn_file_actions_adddup2(actions, inherited, inherited_descriptor));
  const int first_closed = inherited >= 0 ? inherited_descriptor + 1 : STDERR_FILENO + 1;
  settings.note(posix_spawn_file_actions_addclosefrom_np(actions, first_closed));
  if (!command.directory.empty())
    settings.note(posix_spawn_file_actions_addchdir_np(actions, command.directory.c_str()));
  set_signals(settings);
  settings.note(posix_spawnattr_setflags(&settings.attributes, flags));
  if (settings.error != 0) return tl::unexpected<int>(settings.error);

  std::vector<char*> arguments;
  arguments.reserve(command.argv.size() + 1);
  for (const auto& argument : command.argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::vector<std::string> assignments;
  assignments.reserve(command.environment.size());
  for (const auto& [name, value] : command.environment) assignments.push_back(name + "=" + value);
  std::vector<char*> environment;
  environment.reserve(assignments.size() + 1);
  for (auto& assignment : assignments) environment.push_back(assignment.data());
  environment.push_back(nullptr);

  pid_t child = 0;
  const int error = posix_spawn(&child, program->c_str(), actions, &settings.attributes, arguments.data(),
                                environment.data());
  if (error != 0) return tl::unexpected<int>(error);
  return child;
}

Ending ending_from_status(int status) {
  if (WIFSIGNALED(status)) return Signaled{WTERMSIG(status)};
  return Exited{WEXITSTATUS(status)};
}

}  // namespace ortforge

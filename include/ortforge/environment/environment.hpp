// Environments: where commands run. Each is realised once, has a digest, and wraps commands in a sandbox.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/matrix/environment_spec.hpp"
#include "ortforge/process/command.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// One thing that is mounted below the sandbox's fixed work root /w.
struct Mount {
  std::filesystem::path source;  // on the host
  std::string target;            // relative to /w: "src", "out/core", "recipe"
  bool writable = false;
};

// A package or file that identifies an environment, as the record keeps it.
struct Ingredient {
  std::string name;     // "gcc-14"
  std::string version;  // "14.2.0-19", or "sha256-..." for files of the host
  bool operator==(const Ingredient&) const = default;
};

// What a sandbox is for.
struct SandboxUse {
  bool interactive = false;  // a person sits before it: TERM is handed on
  // The process that starts it hands it inherited_descriptor (process/runner.hpp): bubblewrap keeps that open
  // (a lock stays held) as long as the sandbox is there, the command inside does not see it.
  bool holds_descriptor = false;
  std::vector<std::filesystem::path> devices;  // of the host, seen at the same place: GPUs
  // Of the host too, read-only. A root file system has folders at these places to mount them on.
  std::vector<std::filesystem::path> folders;
};

class Environment {
 public:
  virtual ~Environment() = default;
  virtual const std::string& name() const = 0;
  // Covers everything in the environment that can change a build's output (compiler, libc, libraries, tools).
  virtual const Digest& digest() const = 0;
  virtual const std::vector<Ingredient>& ingredients() const = 0;
  // Root of its file system on the host ("/" for the host).
  virtual const std::filesystem::path& root() const = 0;

  // The command as it must be started on the host so that it runs inside: bubblewrap, no network, root
  // read-only, the mounts below /w, clean environment (PATH, HOME=/w/home, LANG=C.UTF-8, TZ=UTC, TMPDIR=/tmp
  // and the command's own variables, SOURCE_DATE_EPOCH among them; TERM when interactive), working directory
  // /w/<command.directory>. `work` is the host folder that becomes /w; it and the sources of the mounts
  // exist. SIGINT to the process group reaches the command but not bubblewrap; everything inside dies with
  // the thread that starts the command.
  virtual Command wrap(const Command& command, const std::filesystem::path& work,
                       const std::vector<Mount>& mounts, SandboxUse use = {}) const = 0;
};

// How a command inside a sandbox ended: bubblewrap reports a signal as exit code 128 + its number, as shells
// do.
Ending ending_inside(const Ending& ending);

struct EnvironmentContext {
  std::filesystem::path home;  // ORTFORGE_HOME
  // Environment variables of the user (PATH, HOME, TERM ...). ORTFORGE_DEBIAN_MIRROR takes the place of the
  // mirror in apt's configuration.
  std::map<std::string, std::string> variables;
  const Interrupt* interrupt = nullptr;
  std::function<void(std::string_view)> progress;  // one line at a time, for people
};

// Whether a home holds a root of this name, for whatever packages; quick, for lists.
bool holds_root(const std::filesystem::path& home, const std::string& name);

// Finds an environment that has been realised before, without making one. Nothing when it has not.
// Errors: missing (the host lacks programs: package names in the hint).
Result<std::unique_ptr<Environment>> find_environment(const EnvironmentSpec& spec,
                                                      const EnvironmentContext& context);

// Finds or makes it: a Debian root by mmdebstrap from the machine's own mirror, entered by one rename, so
// that an interrupted creation leaves nothing. Another process making the same root is waited for. Errors:
// missing (programs, user namespaces, network, disk; the hint says what to do), interrupted.
Result<std::unique_ptr<Environment>> realize_environment(const EnvironmentSpec& spec,
                                                         const EnvironmentContext& context);

// Whether this machine can enter sandboxes at all; the error says what is missing and the remedy.
Result<void> check_sandbox(const EnvironmentContext& context);

// Packages of the newest root whose version the mirror would replace now; empty: up to date, no root, or the
// host. Errors: missing when the mirror cannot be reached, interrupted.
struct Outdated {
  std::string package;
  std::string have;
  std::string offered;
};
Result<std::vector<Outdated>> outdated_packages(const EnvironmentSpec& spec,
                                                const EnvironmentContext& context);

}  // namespace ortforge

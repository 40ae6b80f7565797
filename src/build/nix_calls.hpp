// Calls of Nix's commands. Inner header of `build`.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "ortforge/build/nix_build.hpp"

namespace ortforge::build_detail {

// How a call ended and what it printed.
struct NixCalled {
  Outcome outcome;
  std::vector<std::string> paths;    // lines of standard output that are paths
  std::vector<std::string> lines;    // all others, and the messages: for a log
  std::vector<NixFailure> failures;  // in the order of their messages
  bool interrupted = false;
  bool success() const { return outcome.success(); }
};

class NixCalls {
 public:
  NixCalls(const NixOptions& options, NixContext& context) : options_(options), context_(context) {}

  // Runs a command with the settings; `on_event` is told each event, `on_wait` is called several times a
  // second, both may be empty. Error: as ProcessRunner.
  Result<NixCalled> run(std::vector<std::string> argv,
                        const std::function<void(const NixEvent&)>& on_event = {},
                        const std::function<void()>& on_wait = {});

  // The derivation of an expression, in the last of `paths` ("/nix/store/…-x.drv", "….drv!dist").
  Result<NixCalled> instantiate(const NixRequest& request);

  // The path that each derivation's output will have, in order ("….drv!dist": that output). Error: failed,
  // with Nix's words; interrupted.
  Result<std::vector<std::string>> outputs_of(const std::vector<std::string>& derivations);

  // Of paths of the store, those that are not there. Error: as outputs_of.
  Result<std::set<std::string>> invalid(const std::vector<std::string>& paths);

  // All derivations that one needs, itself among them. Error: as outputs_of.
  Result<std::set<std::string>> closure(const std::string& derivation);

  // The digest of a path's Nix archive as SRI text; empty where Nix does not say it.
  Result<std::string> digest(const std::string& path);

 private:
  Result<NixCalled> ask(std::vector<std::string> argv);

  const NixOptions& options_;
  NixContext& context_;
};

// "….drv" and "out" of "….drv", or what stands behind the mark of "….drv!dist".
std::pair<std::string, std::string> split_output(const std::string& derivation);

// The bytes of a SHA-256 in Nix's own base 32 ("sha256:0llg…", 52 characters) as SRI text; empty for any
// other text.
std::string sri_of_nix32(std::string_view text);

}  // namespace ortforge::build_detail

// `ortforge build --backend nix`: its options, and the call itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/text.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/command.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {

struct NixSelection {
  std::string backend;  // empty: cmake
  std::string builders;
  std::string substituters;
  std::string nixpkgs;                // a folder in place of the pinned package set
  long long cores = -1;               // -1: as Nix is configured
  std::vector<std::string> settings;  // NAME=VALUE
};

void add_nix_options(OptionSet& options, NixSelection& selection);

// Error: bad_input for an unknown backend, and for options of Nix with another one.
Result<void> check_nix_options(const NixSelection& selection);

// What options of every build say.
struct NixCallOptions {
  long long jobs = 0;  // 0: as Nix is configured
  std::optional<Milliseconds> timeout;
  bool fail_fast = false;
  bool dry_run = false;
  bool link = true;
};

// Builds what is selected with Nix and prints the summary; gives the exit code (docs/nix.md, Outcomes).
// Errors: bad_input (names, filter, infeasible variant asked for by name, an option's value), missing (Nix; a
// variant of another platform without --builders; no home).
Result<int> build_with_nix(Session& session, const SelectionOptions& selected, const NixSelection& nix,
                           const NixCallOptions& options);

}  // namespace ortforge

// What went wrong in Nix, told from its messages, and what a person can do about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"
#include "ortforge/build/nix_events.hpp"
#include "ortforge/process/command.hpp"

namespace ortforge {

struct NixFailure {
  enum class Kind {
    builder,            // a derivation's builder failed: a compile error, a test that does not pass
    hash_mismatch,      // something that was fetched is not what its digest says
    missing_attribute,  // evaluation: the package set lacks what the recipe names
    evaluation,         // any other error of an expression
    no_space,
    unreachable,  // a source, or the package set, could not be downloaded
    platform,     // no machine at hand builds for that platform, or has that system feature
    set_up,       // Nix itself: no right to its store, its build users are missing
    timed_out,
    interrupted,
    unknown,
  };
  Kind kind = Kind::unknown;
  std::string derivation;  // store path of the derivation that failed; empty: none is named
  std::string words;       // "exit code 1", "hash mismatch: expected sha256-…, got sha256-…"
  std::string hint;        // what to do next; may be empty
  std::string attribute;   // missing_attribute: its name
  std::string expected;    // hash_mismatch: the digest on record, as Nix writes it
  std::string got;         // and that of what came
  Ending ending;           // builder: how it ended

  bool operator==(const NixFailure&) const = default;
};

// What a message says that is a cause; nothing for one that only repeats others ("build of … failed", "1
// dependencies of derivation … failed to build"), and for one that is no error.
std::optional<NixFailure> nix_failure(const NixEvent& message);

// A builder that failed since the disk was full says so in its log only: makes it `no_space` then.
void look_into_log(NixFailure& failure, std::string_view log_tail);

// What the failure means for the caller (docs/nix.md, Outcomes).
ErrorKind error_kind(const NixFailure& failure);

}  // namespace ortforge

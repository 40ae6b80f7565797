// What this machine lacks for the environments of a matrix.
#pragma once

#include <string>
#include <vector>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

enum class DoctorLevel {
  good,     // present and usable
  note,     // works, but worth knowing: an environment not made yet, a root behind its mirror
  problem,  // something cannot work until the remedy is applied
};

struct DoctorFinding {
  DoctorLevel level = DoctorLevel::good;
  std::string subject;  // "program mmdebstrap", "sandbox", "environment debian-trixie", "disk"
  std::string message;
  std::string remedy;  // a command or action; empty when nothing is to be done

  bool operator==(const DoctorFinding&) const = default;
};

// Looks at programs, sandbox, environments and disk, everything at once. `ask_mirror` also compares the roots
// that are there with what the mirror offers (network, seconds). What cannot be looked at is a finding; the
// only error is interrupted.
Result<std::vector<DoctorFinding>> diagnose_environments(const std::vector<EnvironmentSpec>& specs,
                                                         const EnvironmentContext& context, bool ask_mirror);

// The command that installs the Debian packages holding `programs`: "apt-get install bubblewrap uidmap".
std::string install_command(const std::vector<std::string>& programs);

}  // namespace ortforge

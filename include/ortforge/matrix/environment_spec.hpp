// Environments as matrix/environments.json describes them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace ortforge {

struct EnvironmentSpec {
  std::string name;                     // "host", "debian-trixie"
  std::string extends;                  // the environment it adds to: it has all of that one; empty: none
  std::string kind;                     // "host", "debian"
  std::string suite;                    // debian: "trixie"
  std::string debootstrap_variant;      // debian: "buildd"
  std::vector<std::string> components;  // debian: archive components, "main"
  std::vector<std::string> packages;    // debian: packages in the root; host: Debian packages it must have
  std::vector<std::string> programs;    // programs a build needs in it
  std::string python;                   // version of its python3, "3.13"; empty: any
  std::string origin;
};

}  // namespace ortforge

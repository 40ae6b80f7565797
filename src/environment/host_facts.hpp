// What identifies the host as a place to build: its compilers, their parts, the C and C++ libraries, its
// tools.
#pragma once

#include "ortforge/environment/environment.hpp"

namespace ortforge {

struct HostFacts {
  std::vector<Ingredient> ingredients;  // files by content, Debian packages by version; sorted
  Digest digest;                        // over the ingredients
};

// Looks up spec.programs in the PATH of sandboxes, asks each compiler among them for its parts (cc1, cc1plus,
// as, ld) and libraries (GCC manual, -print-prog-name, -print-file-name), and digests every file. Debian
// packages: spec.packages, and those that bring headers for the compiler. Kept in
// home/environments/<name>.json by path, size, time and inode of each file, so that a second call only looks
// at the files' states and at where PATH has each program and tool. Error: missing, naming every program that
// is not there.
Result<HostFacts> host_facts(const EnvironmentSpec& spec, const EnvironmentContext& context);

}  // namespace ortforge

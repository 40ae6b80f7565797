// Clean-up of a home: what no result link needs any more.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

struct CleanOptions {
  bool dry_run = false;
  std::uint64_t max_bytes =
      0;              // remove only until the store is this small, oldest first; 0: everything without a link
  bool work = false;  // unfinished work directories too
  bool cache = false;  // the compiler cache too
  const Interrupt* interrupt = nullptr;
};

struct Cleaned {
  std::string path;  // relative to the home
  std::uint64_t bytes = 0;
};

// Removes kept build trees, store entries that no result link points at (the tests of linked results stay),
// left-overs of killed processes, and when asked to work directories nobody owns and the compiler cache. An
// entry goes by one rename before its files are removed. Errors: missing, when a build or a shell runs in
// this home (nothing is removed then; a dry run works beside it); interrupted; as the file functions.
Result<std::vector<Cleaned>> clean_home(const std::filesystem::path& home, const CleanOptions& options);

}  // namespace ortforge

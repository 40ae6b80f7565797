// What a shared library asks of the machine that loads it, from its dynamic section.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

struct SharedLibrary {
  std::string soname;               // DT_SONAME; empty: none
  std::vector<std::string> needed;  // DT_NEEDED, in the file's order
  std::string rpath;                // DT_RPATH as it stands, "$ORIGIN/../lib:/opt/lib"; empty: none
  std::string runpath;              // DT_RUNPATH, likewise
  std::string glibc;                // highest version it asks of glibc, "2.38"; empty: none
  std::string libstdcxx;            // highest version it asks of libstdc++, "3.4.32"; empty: none

  bool operator==(const SharedLibrary&) const = default;
};

// Reads an ELF file with a dynamic section, a shared library or a program. Errors, naming the file: missing
// (unreadable, or the machine has no libelf), bad_input (no ELF file, none that is linked dynamically,
// damaged).
Result<SharedLibrary> read_shared_library(const std::filesystem::path& file);

// The same from the bytes of a file; `name` stands for it in messages.
Result<SharedLibrary> parse_shared_library(std::string_view bytes, const std::string& name);

}  // namespace ortforge

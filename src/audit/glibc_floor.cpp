#include "ortforge/audit/glibc_floor.hpp"

#include "library_files.hpp"

#include "ortforge/audit/elf.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {

Result<std::string> glibc_floor(const std::filesystem::path& folder) {
  ORTFORGE_TRY(const auto files, audit_detail::library_files(folder));
  std::string highest;
  for (const auto& file : files) {
    ORTFORGE_TRY(const SharedLibrary library, read_shared_library(file));
    if (compare_versions(library.glibc, highest) > 0) highest = library.glibc;
  }
  return highest;
}

}  // namespace ortforge

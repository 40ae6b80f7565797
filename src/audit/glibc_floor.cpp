#include "ortforge/audit/glibc_floor.hpp"

#include <system_error>

#include "ortforge/audit/elf.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// "libdemo.so", "libdemo.so.1.2.3", but not "libdemo.so.1.2.3.debug".
bool is_library_name(const std::string& name) {
  const auto suffix = name.rfind(".so");
  return suffix != std::string::npos && suffix > 0 &&
         name.find_first_not_of("0123456789.", suffix + 3) == std::string::npos;
}

}  // namespace

Result<std::string> glibc_floor(const fs::path& folder) {
  std::string highest;
  std::error_code error;
  for (fs::recursive_directory_iterator item(folder, error), end; !error && item != end;
       item.increment(error)) {
    std::error_code ignored;
    if (!fs::is_regular_file(item->symlink_status(ignored))) continue;
    if (!is_library_name(item->path().filename().string())) continue;
    ORTFORGE_TRY(const SharedLibrary library, read_shared_library(item->path()));
    if (compare_versions(library.glibc, highest) > 0) highest = library.glibc;
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::missing, "{}: cannot be read: {}", folder.string(), error.message());
  return highest;
}

}  // namespace ortforge

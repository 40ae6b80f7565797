#include "library_files.hpp"

#include <system_error>

namespace ortforge::audit_detail {
namespace {

namespace fs = std::filesystem;

// "libdemo.so", "libdemo.so.1.2.3", but not "libdemo.so.1.2.3.debug".
bool is_library_name(const std::string& name) {
  const auto suffix = name.rfind(".so");
  return suffix != std::string::npos && suffix > 0 &&
         name.find_first_not_of("0123456789.", suffix + 3) == std::string::npos;
}

}  // namespace

Result<std::vector<fs::path>> library_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator item(folder, error), end; !error && item != end;
       item.increment(error)) {
    std::error_code ignored;
    if (!fs::is_regular_file(item->symlink_status(ignored))) continue;
    if (is_library_name(item->path().filename().string())) files.push_back(item->path());
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::missing, "{}: cannot be read: {}", folder.string(), error.message());
  return files;
}

}  // namespace ortforge::audit_detail

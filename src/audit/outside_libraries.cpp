#include "ortforge/audit/outside_libraries.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "library_files.hpp"

#include "ortforge/audit/elf.hpp"

namespace ortforge {
namespace {

bool is_of_the_system(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kStarts{
      "libc.so.",      "libm.so.",     "libdl.so.",   "libpthread.so.", "librt.so.",
      "libstdc++.so.", "libgcc_s.so.", "libcuda.so.", "ld-linux",       "libnvidia-"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return name.starts_with(start); });
}

}  // namespace

Result<std::vector<std::string>> outside_libraries(const std::filesystem::path& folder) {
  ORTFORGE_TRY(const auto files, audit_detail::library_files(folder));
  std::set<std::string> inside;
  std::set<std::string> needed;
  for (const auto& file : files) {
    ORTFORGE_TRY(const SharedLibrary library, read_shared_library(file));
    inside.insert(file.filename().string());
    inside.insert(library.soname);
    needed.insert(library.needed.begin(), library.needed.end());
  }
  std::vector<std::string> outside;
  for (const std::string& name : needed) {
    if (!inside.contains(name) && !is_of_the_system(name)) outside.push_back(name);
  }
  return outside;
}

}  // namespace ortforge

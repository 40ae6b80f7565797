#include "mounts.hpp"

#include <system_error>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// Blank, tab, newline and backslash are written as three octal digits: "\040".
std::string unescaped(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const std::string_view digits = field.substr(i, 4);
    const bool escape = digits.size() == 4 && digits.front() == '\\' &&
                        digits.find_first_not_of("01234567", 1) == std::string_view::npos;
    if (!escape) {
      text += field[i];
      continue;
    }
    text += static_cast<char>((digits[1] - '0') * 64 + (digits[2] - '0') * 8 + (digits[3] - '0'));
    i += 3;
  }
  return text;
}

}  // namespace

std::optional<std::string> mount_within(std::string_view mountinfo, const fs::path& folder) {
  constexpr std::size_t mount_point = 4;  // fields from 0
  for (const auto& line : split(mountinfo, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() <= mount_point) continue;
    std::string point = unescaped(fields[mount_point]);
    if (point == folder.string() || point.starts_with(folder.string() + "/")) return point;
  }
  return std::nullopt;
}

Result<void> remove_unmounted(const fs::path& path) {
  std::error_code error;
  const fs::path folder = fs::canonical(path, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  if (error) return fail(ErrorKind::missing, "{}: {}", path.string(), error.message());
  ORTFORGE_TRY(const auto mounts, read_file("/proc/self/mountinfo"));
  if (const auto mount = mount_within(mounts, folder))
    return fail_with_hint(ErrorKind::missing, fmt::format("{} is still mounted", *mount),
                          fmt::format("umount '{}'", *mount));
  return remove_tree(path);
}

}  // namespace ortforge

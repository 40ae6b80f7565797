#include "disk_room.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge::build_detail {

Result<void> check_room(const std::filesystem::path& home, const std::string& who, std::uint64_t bytes) {
  ORTFORGE_TRY(const std::uint64_t free, free_bytes(home));
  if (free >= bytes) return {};
  return fail_with_hint(ErrorKind::missing,
                        fmt::format("{}: {} needs {} of disk, {} are free", home.string(), who,
                                    format_bytes(bytes), format_bytes(free)),
                        "free some with 'ortforge gc', or name another place with --home");
}

}  // namespace ortforge::build_detail

// Room on the disk, asked for before much is written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ortforge/base/result.hpp"

namespace ortforge::build_detail {

// Whether the disk of a home has room for what `who` ("the build") writes there. Error: missing "HOME: the
// build needs 20.0 GiB of disk, 12.0 GiB are free", with what helps; as free_bytes.
Result<void> check_room(const std::filesystem::path& home, const std::string& who, std::uint64_t bytes);

}  // namespace ortforge::build_detail

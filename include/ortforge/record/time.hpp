// Points in time as texts; Unix milliseconds in, UTC out.
#pragma once

#include <cstdint>
#include <string>

namespace ortforge {

// "2025-11-24T16:00:00.123Z" (RFC 3339, section 5.6), years 0 to 9999.
std::string rfc3339(std::int64_t unix_ms);

// "2025-11-24 16:00" for tables.
std::string short_time(std::int64_t unix_ms);

}  // namespace ortforge

#include "ortforge/record/time.hpp"

#include <chrono>

#include <fmt/core.h>

namespace ortforge {
namespace {

struct Parts {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> clock;
};

Parts parts_of(std::int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{unix_ms}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), std::chrono::hh_mm_ss(time - day)};
}

}  // namespace

std::string rfc3339(std::int64_t unix_ms) {
  const Parts parts = parts_of(unix_ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.year, parts.month, parts.day,
                     parts.clock.hours().count(), parts.clock.minutes().count(),
                     parts.clock.seconds().count(), parts.clock.subseconds().count());
}

std::string short_time(std::int64_t unix_ms) {
  const Parts parts = parts_of(unix_ms);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", parts.year, parts.month, parts.day,
                     parts.clock.hours().count(), parts.clock.minutes().count());
}

}  // namespace ortforge

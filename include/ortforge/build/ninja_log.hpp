// Ninja's own log (.ninja_log) and status lines: which objects are done and what they cost.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "ortforge/build/recorder.hpp"

namespace ortforge {

// Objects of a log with their newest wall milliseconds, in name order. Format 5 and 6 of Ninja 1.9 to 1.13
// (src/build_log.cc): "start end mtime output hash" with tabs; lines that do not fit are left out.
std::vector<ObjectCost> parse_ninja_log(std::string_view text);

// "[12/345] Building ..." at the start of a line of Ninja's output (NINJA_STATUS="[%f/%t] ").
struct NinjaProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  bool operator==(const NinjaProgress&) const = default;
};
std::optional<NinjaProgress> parse_ninja_status(std::string_view line);

}  // namespace ortforge

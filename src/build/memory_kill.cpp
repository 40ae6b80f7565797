#include "memory_kill.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "ortforge/base/text.hpp"

namespace ortforge::build_detail {
namespace {

// gcc's driver (gcc.cc, collect2.cc), clang's (Program.inc) and nvcc.
constexpr std::array<std::string_view, 4> kWords{
    "Killed signal terminated program",
    "terminated with signal 9",
    "unable to execute command: Killed",
    "died due to signal 9 (Kill signal)",
};

bool line_names_kill(const std::string& line) {
  if (trim(line) == "Killed") return true;  // the shell that Ninja starts
  if (line.starts_with("FAILED: ")) return line.find("[code=137]") != std::string::npos;
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view words) { return line.find(words) != std::string::npos; });
}

}  // namespace

bool names_kill(std::string_view log) {
  const auto lines = split(log, '\n');
  return std::any_of(lines.begin(), lines.end(), line_names_kill);
}

}  // namespace ortforge::build_detail

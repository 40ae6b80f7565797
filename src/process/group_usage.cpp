#include "group_usage.hpp"

#include <charconv>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

long number(const std::string& text) {
  long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Usage group_usage(pid_t group, const fs::path& proc) {
  // Counted from the field behind the name, which is in parentheses and may hold anything.
  constexpr std::size_t kParent = 1;
  constexpr std::size_t kGroup = 2;
  constexpr std::size_t kUser = 11;
  constexpr std::size_t kSystem = 12;
  constexpr std::size_t kChildrenUser = 13;
  constexpr std::size_t kChildrenSystem = 14;
  struct Process {
    long parent = 0;
    long group = 0;
    long user = 0;
    long system = 0;
  };
  std::map<long, Process> all;
  std::error_code error;
  for (fs::directory_iterator entry(proc, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = read_or_empty(entry->path() / "stat");
    const std::size_t behind = stat.rfind(')');
    if (behind == std::string::npos || behind + 2 > stat.size()) continue;
    const std::vector<std::string> fields = split(std::string_view(stat).substr(behind + 2), ' ');
    if (fields.size() <= kChildrenSystem) continue;
    all[number(name)] = {number(fields[kParent]), number(fields[kGroup]),
                         number(fields[kUser]) + number(fields[kChildrenUser]),
                         number(fields[kSystem]) + number(fields[kChildrenSystem])};
  }
  // Processes that begin and end while /proc is read could name each other as parents: no more steps up than
  // there are processes.
  const auto belongs = [&](long pid) {
    auto at = all.find(pid);
    for (std::size_t up = 0; up < all.size() && at != all.end(); ++up, at = all.find(at->second.parent))
      if (at->second.group == group) return true;
    return false;
  };
  long user = 0;
  long system = 0;
  for (const auto& [pid, process] : all) {
    if (!belongs(pid)) continue;
    user += process.user;
    system += process.system;
  }
  const long ticks = ::sysconf(_SC_CLK_TCK);
  Usage usage;
  usage.user = Milliseconds{user * 1000 / ticks};
  usage.system = Milliseconds{system * 1000 / ticks};
  return usage;
}

}  // namespace ortforge

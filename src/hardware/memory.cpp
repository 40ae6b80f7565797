#include "ortforge/hardware/memory.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>
#include <vector>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

using Bytes = std::optional<std::uint64_t>;

Bytes least(Bytes a, Bytes b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// The number behind `name` in lines "name number".
Bytes field(std::string_view text, std::string_view name) {
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with(name)) continue;
    const std::string rest = line.substr(name.size());
    if (!rest.starts_with(' ') && !rest.starts_with('\t')) continue;  // another, longer name
    const std::string value = trim(rest);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc()) return number;
  }
  return std::nullopt;
}

// The folders of a group and of the groups around it, the own first. In a container the path of
// /proc/self/cgroup may be the host's, with the own group mounted at the top.
std::vector<fs::path> groups(const fs::path& top, const std::string& path) {
  std::vector<fs::path> folders;
  for (fs::path below = fs::path(path).relative_path(); !below.empty(); below = below.parent_path())
    folders.push_back(top / below);
  folders.push_back(top);
  return folders;
}

Bytes free_in(const fs::path& group, std::initializer_list<const char*> limits, const char* usage) {
  Bytes limit;
  for (const char* file : limits) limit = least(limit, parse_memory_limit(read_or_empty(group / file)));
  if (!limit) return std::nullopt;
  const std::uint64_t used = parse_memory_limit(read_or_empty(group / usage)).value_or(0);
  const std::uint64_t cache = std::min(used, parse_file_cache(read_or_empty(group / "memory.stat")));
  return *limit - std::min(*limit, used - cache);
}

}  // namespace

Bytes available_memory(const fs::path& root) {
  Bytes available = parse_available_memory(read_or_empty(root / "proc/meminfo"));
  const CgroupPaths paths = parse_cgroup(read_or_empty(root / "proc/self/cgroup"));
  const fs::path top = root / "sys/fs/cgroup";
  if (paths.unified) {
    for (const fs::path& group : groups(top, *paths.unified))
      available = least(available, free_in(group, {"memory.max", "memory.high"}, "memory.current"));
  }
  if (paths.memory) {
    for (const fs::path& group : groups(top / "memory", *paths.memory))
      available = least(available, free_in(group, {"memory.limit_in_bytes"}, "memory.usage_in_bytes"));
  }
  return available;
}

std::uint64_t memory_kills(const fs::path& root) {
  const CgroupPaths paths = parse_cgroup(read_or_empty(root / "proc/self/cgroup"));
  const fs::path top = root / "sys/fs/cgroup";
  // The nearest group that counts; with both versions mounted, memory belongs to one of them.
  const auto counted_in = [](const std::vector<fs::path>& folders, const char* file) -> std::uint64_t {
    for (const fs::path& group : folders) {
      if (const std::string text = read_or_empty(group / file); !text.empty())
        return parse_memory_kills(text);
    }
    return 0;
  };
  std::uint64_t kills = 0;
  if (paths.unified) kills += counted_in(groups(top, *paths.unified), "memory.events");
  if (paths.memory) kills += counted_in(groups(top / "memory", *paths.memory), "memory.oom_control");
  return kills;
}

Bytes parse_available_memory(std::string_view meminfo) {
  const Bytes kibibytes = field(meminfo, "MemAvailable:");
  if (!kibibytes) return std::nullopt;
  return *kibibytes * 1024;
}

std::uint64_t parse_file_cache(std::string_view memory_stat) {
  const Bytes inactive = field(memory_stat, "total_inactive_file");
  const Bytes active = field(memory_stat, "total_active_file");
  if (inactive || active) return inactive.value_or(0) + active.value_or(0);
  return field(memory_stat, "inactive_file").value_or(0) + field(memory_stat, "active_file").value_or(0);
}

std::uint64_t parse_memory_kills(std::string_view text) {
  return field(text, "oom_kill").value_or(0);
}

}  // namespace ortforge

#include <algorithm>

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)));  // more than 1024 processors
}

// The lowest limit of a control group and the groups around it. In a container the path of /proc/self/cgroup
// may be the host's, with the own group mounted at the top: then the top's limit counts.
std::optional<std::uint64_t> lowest_limit(const fs::path& top, const std::string& group, const char* file) {
  std::optional<std::uint64_t> lowest;
  fs::path relative = fs::path(group).relative_path();
  while (true) {
    const std::optional<std::uint64_t> limit = parse_memory_limit(read_or_empty(top / relative / file));
    if (limit && (!lowest || *limit < *lowest)) lowest = limit;
    if (relative.empty()) return lowest;
    relative = relative.parent_path();
  }
}

std::optional<std::uint64_t> cgroup_limit(const fs::path& root) {
  const CgroupPaths paths = parse_cgroup(read_or_empty(root / "proc/self/cgroup"));
  const fs::path top = root / "sys/fs/cgroup";
  std::optional<std::uint64_t> limit;
  if (paths.unified) limit = lowest_limit(top, *paths.unified, "memory.max");
  if (paths.memory) {
    const auto old = lowest_limit(top / "memory", *paths.memory, "memory.limit_in_bytes");
    if (old && (!limit || *old < *limit)) limit = old;
  }
  return limit;
}

}  // namespace

Result<HostInfo> detect_host(const fs::path& root) {
  HostInfo host;
  utsname names{};
  if (uname(&names) == 0) {
    host.machine = names.machine;
    host.kernel = names.release;
    host.platform = host.machine + "-linux";
  }
  ORTFORGE_TRY(const std::string cpuinfo, read_file(root / "proc/cpuinfo"));
  CpuInfo cpu = parse_cpuinfo(cpuinfo);
  host.cpu_model = std::move(cpu.model);
  host.features = std::move(cpu.features);
  host.cores = usable_cores();
  host.os = parse_os_release(read_or_empty(root / "etc/os-release"));
  host.memory_bytes = parse_meminfo(read_or_empty(root / "proc/meminfo")).value_or(0);
  if (const auto limit = cgroup_limit(root);
      limit && (host.memory_bytes == 0 || *limit < host.memory_bytes)) {
    host.memory_bytes = *limit;
    host.memory_limited = true;
  }
  return host;
}

std::vector<std::string> missing_features(const HostInfo& host, const Isa& isa) {
  if (host.platform != isa.platform) return isa.features;
  std::vector<std::string> missing;
  for (const std::string& feature : isa.features) {
    if (std::find(host.features.begin(), host.features.end(), feature) == host.features.end())
      missing.push_back(feature);
  }
  return missing;
}

std::optional<std::string> best_isa(const HostInfo& host, const Hardware& hardware) {
  const Isa* best = nullptr;
  for (const auto& [name, isa] : hardware.isas) {
    if (isa.platform != host.platform || !missing_features(host, isa).empty()) continue;
    if (best == nullptr || isa.rank > best->rank) best = &isa;
  }
  if (best == nullptr) return std::nullopt;
  return best->name;
}

}  // namespace ortforge

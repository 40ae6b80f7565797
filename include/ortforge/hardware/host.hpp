// What this host is: processor, features, cores, memory, operating system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/hardware.hpp"

namespace ortforge {

struct HostInfo {
  std::string platform;               // "x86_64-linux"
  std::string machine;                // `uname -m`
  std::string kernel;                 // `uname -r`
  std::string os;                     // PRETTY_NAME of os-release, "Debian GNU/Linux 12 (bookworm)"
  std::string cpu_model;              // "AMD EPYC"; empty where /proc/cpuinfo names none (many ARM hosts)
  std::vector<std::string> features;  // of every processor, as /proc/cpuinfo names them, sorted
  int cores = 1;                      // processors this process may run on
  std::uint64_t memory_bytes = 0;     // RAM, or the control group's limit where that is lower
  bool memory_limited = false;        // memory_bytes is a control group's limit

  bool operator==(const HostInfo&) const = default;
};

// Looks at this machine: uname(2), sched_getaffinity(2) and, below `root`, /proc/cpuinfo, /proc/meminfo,
// /proc/self/cgroup, /sys/fs/cgroup and /etc/os-release. A file that is absent leaves its facts empty. Error:
// missing when /proc/cpuinfo cannot be read.
Result<HostInfo> detect_host(const std::filesystem::path& root = "/");

// Features that an ISA needs and the host lacks, in the ISA's order. An ISA of another platform lacks all of
// them.
std::vector<std::string> missing_features(const HostInfo& host, const Isa& isa);

// The highest-ranked ISA of the host's platform that it can run, or nothing.
std::optional<std::string> best_isa(const HostInfo& host, const Hardware& hardware);

// The parsers, on texts. Source of formats: proc(5), cgroups(7), os-release(5).
struct CpuInfo {
  std::string model;
  std::vector<std::string> features;  // those that all processors list, sorted

  bool operator==(const CpuInfo&) const = default;
};
CpuInfo parse_cpuinfo(std::string_view text);
// MemTotal of /proc/meminfo in bytes, or nothing.
std::optional<std::uint64_t> parse_meminfo(std::string_view text);
// The value of memory.max or memory.limit_in_bytes in bytes; nothing for "max" and for v1's "no limit" (2^63
// rounded down to pages).
std::optional<std::uint64_t> parse_memory_limit(std::string_view text);
// PRETTY_NAME of an os-release file, unquoted; empty when absent.
std::string parse_os_release(std::string_view text);
// The control group paths of this process from /proc/self/cgroup: version 2 (line "0::PATH") and the v1
// memory controller.
struct CgroupPaths {
  std::optional<std::string> unified;
  std::optional<std::string> memory;

  bool operator==(const CgroupPaths&) const = default;
};
CgroupPaths parse_cgroup(std::string_view text);

}  // namespace ortforge

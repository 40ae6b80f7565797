// Memory that programs may still take on this host, and whether the kernel has killed some for want of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace ortforge {

// Bytes that programs started now may take together: the least of MemAvailable and, for the control group of
// this process and each group around it, its limit less what is in use. Page cache of files counts as free.
// Reads /proc/meminfo, /proc/self/cgroup and /sys/fs/cgroup (versions 2 and 1) below `root`; a file that
// cannot be read sets no limit. Nothing when none can.
std::optional<std::uint64_t> available_memory(const std::filesystem::path& root = "/");

// How many processes of this process's control group the kernel has killed for memory so far; 0 where nobody
// counts them.
std::uint64_t memory_kills(const std::filesystem::path& root = "/");

// The parsers, on texts. Source of formats: proc(5), the kernel's cgroup-v2.rst and cgroup-v1/memory.rst.
// MemAvailable of /proc/meminfo in bytes, or nothing.
std::optional<std::uint64_t> parse_available_memory(std::string_view meminfo);
// Bytes of page cache of files in a group's memory.stat; with the groups below it where version 1 says so.
std::uint64_t parse_file_cache(std::string_view memory_stat);
// The counter oom_kill of memory.events (version 2) or memory.oom_control (version 1); 0 when absent.
std::uint64_t parse_memory_kills(std::string_view text);

}  // namespace ortforge

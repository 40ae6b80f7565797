// The file that remembers the digests of the host's files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/environment/environment.hpp"

namespace ortforge {

// The state of a file that tells whether its content may have changed.
struct FileState {
  std::string path;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::uint64_t inode = 0;

  bool operator==(const FileState&) const = default;
};

// The state of a file now, links followed; nothing when it is not there.
std::optional<FileState> file_state(const std::filesystem::path& path);

struct HostCache {
  struct File {
    FileState state;
    std::string sha256;  // hexadecimal
  };
  std::vector<std::string> programs;  // as asked for, and where each was found
  std::vector<std::string> program_paths;
  std::map<std::string, std::string> tools;  // parts looked up in PATH, and where each was found; "": nowhere
  std::vector<std::string> packages;         // as asked for
  FileState dpkg;                     // empty path: no dpkg here
  std::vector<Ingredient> package_versions;
  std::vector<File> files;
};

// Nothing when the file is missing or not of this format: it is only a cache.
std::optional<HostCache> read_host_cache(const std::filesystem::path& file);
std::string host_cache_text(const HostCache& cache);

}  // namespace ortforge

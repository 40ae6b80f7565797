// Digests of folders that are asked for several times and seldom change in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"

namespace ortforge {

// Remembers digests for as long as nothing below a folder has changed. Used by one thread at a time.
class DigestMemo {
 public:
  // `now_ns`: Unix time in nanoseconds; empty: the system's clock.
  explicit DigestMemo(std::function<std::int64_t()> now_ns = {});

  // nar_digest(path, skip); files are read when size, times, mode or inode of one differ from those at the
  // last reading, when one was added or removed, and when one was changed less than two seconds before it was
  // read. What is written through a shared memory mapping made before that is noticed when the system writes
  // it back. Errors: as nar_digest; nothing is remembered then.
  Result<Digest> digest(const std::filesystem::path& path, std::string_view skip = {},
                        const StopAsked& stop = {});

  // How often files were read.
  std::size_t readings() const { return readings_; }
  // Whether it remembers nothing.
  bool empty() const { return known_.empty(); }

  // Takes over what another memo has saved in a file; nothing from one that is absent or not of this form.
  void load(const std::filesystem::path& file);
  // Writes what it remembers, for another process. Error: as write_file.
  Result<void> save(const std::filesystem::path& file) const;

 private:
  // What the system knows of a file, link or folder without reading it.
  struct Node {
    std::string path;  // relative to the top
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t mode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
  };
  struct Known {
    Digest nodes;  // of everything the system knows
    Digest digest;
  };

  // Adds the node and everything below it but for `skip`; false when something cannot be looked at.
  static bool list(const std::filesystem::path& path, const std::string& relative, std::string_view skip,
                   std::vector<Node>& nodes);
  // Of the nodes in any order.
  static Digest digest_of(std::vector<Node>& nodes);
  Result<void> read(const std::filesystem::path& file);

  std::function<std::int64_t()> now_ns_;
  std::map<std::pair<std::string, std::string>, Known> known_;  // by path and `skip`
  std::size_t readings_ = 0;
};

}  // namespace ortforge

// Unpacks archives of unknown trustworthiness by libarchive: nothing is ever written outside the target
// folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// How much an archive holds.
struct ArchiveContent {
  std::uint64_t members = 0;  // files, folders and links
  std::uint64_t bytes = 0;    // of the files; one with several names counts once

  bool operator==(const ArchiveContent&) const = default;
};

struct UnpackOptions {
  bool strip_top_folder = true;  // when everything lies in one top folder, that folder becomes the target
  const Interrupt* interrupt = nullptr;
  std::optional<ArchiveContent> most = std::nullopt;  // what it says to hold; nothing: no limit
};

// Unpacks a tar (any compression) or zip archive into the new folder `target`. Kept: names, content, links,
// the owner's execute bit, modification times; everything else of the mode is 0644 or 0755. A failure may
// leave part of `target`, but never more than options.most. Errors: bad_input (no archive, truncated,
// damaged, more than options.most in it; an absolute path, a path with "..", a link that leaves the tree, a
// device, pipe or socket), missing (disk full, read-only), interrupted.
Result<void> unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& target,
                            const UnpackOptions& options);

// The relative path of an archive member in plain form ("./a//b/" -> "a/b"; "." -> ""). Error: bad_input for
// an absolute path and for one with "..", naming it.
Result<std::string> safe_member_path(std::string_view path);

// Checks that every symbolic link of a tree stays inside it, whatever other links lie on its way. Dangling
// links are fine while they point inside. Error: bad_input, naming link and target.
Result<void> check_links_stay_inside(const std::filesystem::path& tree);

// Unpacks the one stream of a compressed file (xz, gzip, bzip2, zstd, or plain) and hands it on in pieces
// until `take` returns false. Errors: missing (unreadable), bad_input (damaged).
Result<void> read_compressed(const std::filesystem::path& file,
                             const std::function<bool(std::string_view)>& take);

}  // namespace ortforge

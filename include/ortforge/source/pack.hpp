// Packs trees into archives: what unpack_archive takes apart.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {

// Where a path of the tree (relative to it; "" is the tree itself) goes in the archive; empty: nowhere.
using PlaceInArchive = std::function<std::string(const std::string& path)>;

struct Packed {
  std::string ending;  // of the archive's name: ".tar.zst", or ".tar.xz" where libarchive has no zstd
  ArchiveContent content;
};

// Packs a tree into `file`: a tar archive of folders, files and links, in the order of their names there,
// with the modes 0644 and 0755, one fixed time and no owner, so that equal trees give equal bytes. Files that
// are one in the tree (hard links) are one in the archive. A failure may leave a part. Errors: missing
// (unreadable, disk full), bad_input (a device, pipe or socket), interrupted.
Result<Packed> pack_tree(const std::filesystem::path& tree, const std::filesystem::path& file,
                         const PlaceInArchive& place, const Interrupt* interrupt = nullptr);

// The same for a folder that somebody takes elsewhere: everything lies in one folder `top` of the archive,
// whose name chooses the compression: ".tar.zst" (strong and slow), ".tar.xz" or ".tar.gz". It appears by one
// rename. Errors: as pack_tree; bad_input for another name.
Result<void> pack_folder(const std::filesystem::path& folder, const std::string& top,
                         const std::filesystem::path& archive, const Interrupt* interrupt = nullptr);

}  // namespace ortforge

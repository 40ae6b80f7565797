// Files of a result that other entries of the store hold too: one file on the disk.
#pragma once

#include <filesystem>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge::build_detail {

// Replaces files of `output` by hard links to equal ones (SHA-256 and permissions) of `entries`, or of
// itself. `artefacts` are the output's files with their digests. Gives the bytes that need no room of their
// own. What the file system cannot link stays a copy. Error: internal.
Result<std::uint64_t> link_equal_files(const std::filesystem::path& output,
                                       const std::vector<ArtefactRecord>& artefacts,
                                       const std::vector<const StoreEntry*>& entries);

}  // namespace ortforge::build_detail

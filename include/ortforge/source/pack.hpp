// Packs a folder into one archive; the counterpart of unpack.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Writes what is in `folder` as a tar archive in which everything lies in one folder `top`: files, links and
// folders in alphabetical order, owners left out. A file with several names is packed once, as hard links.
// The name of the archive chooses the compression: ".tar.zst", ".tar.xz" or ".tar.gz". The archive appears by
// one rename. Errors: bad_input (another name), missing (unreadable, not writable, disk full), interrupted.
Result<void> pack_folder(const std::filesystem::path& folder, const std::string& top,
                         const std::filesystem::path& archive, const Interrupt* interrupt = nullptr);

}  // namespace ortforge

// An output of a step as it lies in a remote store: metadata and archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/source/pack.hpp"

namespace ortforge::build_detail {

struct RemoteEntry {
  StoreEntry entry;     // without its path
  std::string archive;  // its file: the key and ".tar.zst" or ".tar.xz"
  std::uint64_t bytes = 0;
  Digest sha256;           // of the archive
  ArchiveContent content;  // what is in it, output and added files
};

std::string metadata_text(const RemoteEntry& remote);

// Reads metadata that was found under `key`. Error: bad_input when it is damaged, is of another key or scope,
// or does not give that key by its own parts.
Result<RemoteEntry> parse_metadata(const std::string& text, const std::string& key, const std::string& scope);

// Name of an entry's archive without its ending: the key and what it holds. Two machines that push the same
// key have different archives (times in provenance), and metadata must never speak of the other's.
std::string archive_stem(const std::string& key, const Digest& sha256);

// Whether a text is 64 lower-case hexadecimal digits: what keys are, and what may become part of a path.
bool is_key(const std::string& text);

// Packs an entry into `archive`: the output below "output", what ortforge added to a result below "added".
// `prepare` outputs hold nothing added. Errors: as pack_tree.
Result<Packed> pack_entry(const StoreEntry& entry, bool prepare, const std::filesystem::path& archive,
                          const Interrupt* interrupt);

// Unpacks such an archive, which holds `content`, into the new folder `tree` and gives the output in it; what
// was added is still apart. Errors: bad_input (damaged, more in it than that, paths or links that leave the
// output), missing (disk full), interrupted.
Result<std::filesystem::path> unpack_entry(const std::filesystem::path& archive,
                                           const std::filesystem::path& tree, const ArchiveContent& content,
                                           const Interrupt* interrupt);

// Moves what was added into the output unpacked in `tree`. Error: bad_input for what ortforge does not add,
// and for what would take the place of a file of the output.
Result<void> join_added(const std::filesystem::path& tree);

}  // namespace ortforge::build_detail

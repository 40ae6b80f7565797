// The kinds of origins: each brings content into a scratch folder; the caller verifies it and enters it into
// the cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/product.hpp"
#include "ortforge/source/download.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {

// What an origin gave: a downloaded file that is still packed, or a tree.
struct Obtained {
  std::filesystem::path file;  // empty: the origin gives a tree
  Digest file_digest;          // SHA-256 of the file
  std::filesystem::path tree;
  std::uint64_t bytes = 0;  // downloaded
  std::string revision;     // git: the commit
};

// Gets the content from one origin into `scratch` (empty and existing). Every function tells the context's
// listener its progress and stops with the error `interrupted` when the user asks to. Of Debian's mirrors the
// first that has the pinned content gives it. Errors: missing (network, program, package; the reason),
// bad_input (a link that leaves the tree, damaged content, other content on every mirror).
Result<Obtained> obtain_archive(const Source& source, const SourceOrigin& origin,
                                const std::filesystem::path& scratch, const SourceContext& context);
Result<Obtained> obtain_git(const Source& source, const SourceOrigin& origin,
                            const std::filesystem::path& scratch, const SourceContext& context);
Result<Obtained> obtain_debian(const Source& source, const SourceOrigin& origin,
                               const std::filesystem::path& scratch, const SourceContext& context);
Result<Obtained> obtain_wheel(const Source& source, const SourceOrigin& origin,
                              const std::filesystem::path& scratch, const SourceContext& context);
Result<Obtained> obtain_directory(const Source& source, const SourceOrigin& origin,
                                  const std::filesystem::path& scratch, const SourceContext& context);

// The same, chosen by the origin's kind.
Result<Obtained> obtain(const Source& source, const SourceOrigin& origin,
                        const std::filesystem::path& scratch, const SourceContext& context);

// Compares the digest of what an origin gave with the pin. Error: bad_input, naming both.
Result<void> check_pin(const Source& source, const Digest& found);

// An origin in words, as records and messages name it; hosts of registries and credentials left out:
// "git https://... v1.2", "debian re2 20240702-3 re2_20240702.orig.tar.gz", "wheel ...", "archive ...",
// "directory ...".
std::string describe(const SourceOrigin& origin);

// The folder of a directory origin: origin.path below the matrix folder's parent.
std::filesystem::path directory_of(const SourceOrigin& origin, const SourceContext& context);

// Download options of a context, with progress told to its listener. The source outlives them.
DownloadOptions download_options(const Source& source, const SourceContext& context);

}  // namespace ortforge

// Hashes that the matrix lacks, and how they are written into its files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// A pin without `digest`, or a source that says `unpinned`.
struct MissingHash {
  std::filesystem::path file;  // the product's
  std::string product;
  std::string branch;  // the one that says it in the file; branches that inherit it lack it too
  std::string name;    // of the pin or source
  bool is_pin = false;
  Source source;  // what its content can be had from
};

// "pin nixpkgs of onnxruntime main".
std::string describe(const MissingHash& hash);

// Every one in the files of a matrix that was loaded, in their order. Only `git` and `archive` origins count:
// others have a digest from where they come. Error: missing (a file that has gone since).
Result<std::vector<MissingHash>> missing_hashes(const Matrix& matrix);

// The text of the file with the Nix archive hash in its place; nothing else changes. Error: bad_input when
// the text has no such pin or source.
Result<std::string> with_hash(const std::string& text, const MissingHash& hash, const Digest& digest);

}  // namespace ortforge

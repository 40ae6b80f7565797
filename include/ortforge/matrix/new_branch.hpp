// `ortforge branch new`: a branch that inherits from another and has a version of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/name.hpp"

namespace ortforge {

// A source of the parent that goes with the branch's version.
struct FollowingSource {
  std::string name;
  std::string before;     // its version on the parent; empty: none said
  std::string after;      // empty: none said
  bool unpinned = false;  // the parent's digest is gone: it was that of other content

  bool operator==(const FollowingSource&) const = default;
};

// A product's file with one branch more; nothing is written yet.
struct BranchAddition {
  std::filesystem::path file;
  std::string text;  // the whole file
  std::vector<FollowingSource> sources;
};

// Adds a branch behind `parent`, whose lines, options and edits it inherits; the other bytes of the file stay
// as they are. Sources whose version or origin says the parent's version follow the new one: they lose their
// digest and say in `unpinned` what gives them another. The matrix with the new text has been loaded. Errors:
// bad_input (a name that is taken or is none, a version that is not dotted numbers, a matrix that does not
// load); missing (its files cannot be read).
Result<BranchAddition> add_branch(const Matrix& matrix, const BranchChoice& parent, const std::string& name,
                                  const std::string& version);

// Puts the text in the place of the file by one rename. Error: missing, with what to do about a matrix that
// cannot be written.
Result<void> write_addition(const BranchAddition& addition);

}  // namespace ortforge

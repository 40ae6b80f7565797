// What tells two branches apart: `ortforge diff`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/matrix/name.hpp"
#include "ortforge/matrix/variant_range.hpp"

namespace ortforge {

// A member that differs, as text; nothing on the side that does not have it.
struct MemberChange {
  std::string member;  // "version", "toolkit.nvidia-cublas.sha256"
  std::optional<std::string> before;
  std::optional<std::string> after;

  bool operator==(const MemberChange&) const = default;
};

struct EntryChange {
  enum class Kind { changed, gained, lost };
  Kind kind = Kind::changed;
  std::string name;  // of the source, line, option ...; empty: the branch itself
  std::vector<MemberChange> members;

  bool operator==(const EntryChange&) const = default;
};

struct DiffSection {
  std::string name;  // "branch", "sources", "components", as the members of a branch are called
  std::vector<EntryChange> entries;

  bool operator==(const DiffSection&) const = default;
};

struct DiffSide {
  std::string product;
  std::string branch;
  std::string version;
  std::size_t variants = 0;
};

struct BranchDiff {
  DiffSide before;
  DiffSide after;
  std::vector<DiffSection> sections;  // those with a difference
  std::vector<VariantRange> gained;
  std::vector<VariantRange> lost;

  bool empty() const { return sections.empty() && gained.empty() && lost.empty(); }
};

// Compares what the product files say of two branches, inheritance resolved: every member that the format has
// but `inherits`. Components are compared where the pipelines are two. Errors: missing, bad_input (the files
// are no longer what the matrix was loaded from).
Result<BranchDiff> diff_branches(const Matrix& matrix, const BranchChoice& before, const BranchChoice& after);

}  // namespace ortforge

// Views of variants for `list`: table, names, JSON (docs/json/list.schema.json), Markdown.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// A variant with what the caller knows about this machine and the record; unknown parts stay empty.
struct VariantRow {
  Variant variant;
  std::optional<bool> here;     // whether this machine can build it now
  std::string here_missing;     // what it lacks, when it cannot
  std::string record;           // "built", "tested", "failed", ...; empty: nothing on record
  bool other_platform = false;  // what it lacks is the platform
};

// How the CMake backend stands to a variant; one that its branch does not offer is infeasible
// ("backend-absent").
Feasibility cmake_feasibility(const Variant& variant);

// Short names with CUDA, Python, platform, feasibility, and the columns `here` and `record` where any row has
// one. Where rows differ in product or branch, those take the room of Python and platform. At most `width`
// columns where that leaves the names whole; 0: no limit.
std::string variants_table(const std::vector<VariantRow>& rows, std::size_t width = 80);

// One full name a line.
std::string variants_names(const std::vector<VariantRow>& rows);

// An array of objects, indented by two, with a newline at the end.
std::string variants_json(const std::vector<VariantRow>& rows);

// A Markdown table with full names.
std::string variants_markdown(const std::vector<VariantRow>& rows);

}  // namespace ortforge

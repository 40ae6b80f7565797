// Views of what tells two branches apart: text, JSON (docs/json/diff.schema.json), Markdown.
#pragma once

#include <cstddef>
#include <string>

#include "ortforge/matrix/branch_diff.hpp"

namespace ortforge {

// One line for each thing where it fits, "-" and "+" lines where not; texts longer than `width` (0: no limit)
// show where they begin to differ.
std::string branch_diff_text(const BranchDiff& diff, std::size_t width = 80);

std::string branch_diff_json(const BranchDiff& diff);

// A heading and a table for each section, with the whole texts.
std::string branch_diff_markdown(const BranchDiff& diff);

}  // namespace ortforge

// Text tables for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ortforge {

// How one column is laid out.
struct Column {
  std::string title;
  bool right = false;    // numbers stand at the right
  bool shrink = false;   // this column gives way (cut with "…") when the table is wider than allowed
  std::size_t keep = 0;  // columns it keeps as long as others can give way
};

// Lays rows out under their titles, two spaces between columns, no trailing space, each line at most `width`
// display columns where shrinking columns allow it; width 0 means no limit. Control characters in cells are
// shown as "?".
std::string format_table(const std::vector<Column>& columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t width = 80);

}  // namespace ortforge

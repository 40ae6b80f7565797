// Places in the text of a JSON file, for edits that leave the rest of it byte for byte as it is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ortforge::matrix_edit {

struct MemberSpan {
  std::size_t key = 0;  // of the quote that opens its name
  std::size_t end = 0;  // one past its value
};

// Where the member at a path of names ("branches", "main") stands in a text that is known to be JSON. Nothing
// where a name of the path is not there or is written with escapes.
std::optional<MemberSpan> find_member(std::string_view text, const std::vector<std::string>& path);

}  // namespace ortforge::matrix_edit

// Changes of single members in the text of a JSON document; everything else stays byte for byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// The text with a new member behind the member `after` of the object at `path` (keys from the root): on a
// line of its own, indented alike, where that one begins a line, else on the same line. Error: bad_input when
// there is no such member.
Result<std::string> insert_member(std::string_view text, const std::vector<std::string>& path,
                                  const std::string& after, const std::string& key, const std::string& value);

// The text with the member `old` of the object at `path` replaced by another. Error: bad_input when there is
// no such member.
Result<std::string> replace_member(std::string_view text, const std::vector<std::string>& path,
                                   const std::string& old, const std::string& key, const std::string& value);

}  // namespace ortforge

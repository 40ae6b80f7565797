// Lines that keep to the width of a terminal. Inner header of `report`.
#pragma once

#include <cstddef>
#include <string>

namespace ortforge::report_detail {

// `start`, then `text` broken at spaces so that no line is wider than `width` (0: no limit), further lines
// indented. A word that is wider than that stands in a line of its own. Ends with a newline.
std::string wrapped(const std::string& start, const std::string& text, std::size_t indent, std::size_t width);

}  // namespace ortforge::report_detail

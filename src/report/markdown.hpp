// Texts in Markdown. Inner header of `report`.
#pragma once

#include <string>

namespace ortforge::report_detail {

// A text as a cell of a table: "|" would end it, a new line the table.
std::string markdown_cell(const std::string& text);

}  // namespace ortforge::report_detail

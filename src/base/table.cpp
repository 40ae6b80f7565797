#include "ortforge/base/table.hpp"

#include <algorithm>

namespace ortforge {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text;
}

std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  if (width == 0) return {};
  std::size_t end = 0;
  for (std::size_t shown = 0; shown + 1 < width; ++shown) {
    ++end;
    while (end < text.size() && continues_character(text[end])) ++end;
  }
  return text.substr(0, end) + "…";
}

// Takes width away from shrinking columns, the widest first, until the table fits or nothing is left to take;
// what they keep only in the second round.
void shrink(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t limit) {
  constexpr std::size_t kLeast = 6;
  std::size_t total = 2 * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  for (const bool all : {false, true}) {
    while (total > limit) {
      std::size_t widest = widths.size();
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::size_t least = all ? kLeast : std::max(kLeast, columns[i].keep);
        if (columns[i].shrink && widths[i] > least && (widest == widths.size() || widths[i] > widths[widest]))
          widest = i;
      }
      if (widest == widths.size()) break;
      --widths[widest];
      --total;
    }
  }
}

}  // namespace

std::string format_table(const std::vector<Column>& columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  if (columns.empty()) return {};
  std::vector<std::vector<std::string>> cells;
  cells.emplace_back();
  for (const Column& column : columns) cells.back().push_back(column.title);
  for (const auto& row : rows) {
    cells.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i)
      cells.back().push_back(i < row.size() ? printable(row[i]) : "");
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < columns.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  if (width > 0) shrink(widths, columns, width);
  std::string text;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string cell = cut(row[i], widths[i]);
      const std::string padding(widths[i] - display_width(cell), ' ');
      if (i > 0) line += "  ";
      line += columns[i].right ? padding + cell : cell + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace ortforge

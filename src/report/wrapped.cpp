#include "wrapped.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::report_detail {

std::string wrapped(const std::string& start, const std::string& text, std::size_t indent,
                    std::size_t width) {
  std::string lines = start;
  std::size_t column = start.size();
  bool separate = false;  // a word stands before in this line
  for (const std::string& word : split(text, ' ')) {
    const std::size_t space = separate ? 1 : 0;
    if (width > 0 && column > indent && column + space + word.size() > width) {
      lines.erase(lines.find_last_not_of(' ') + 1);
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (separate) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
    separate = true;
  }
  return lines + "\n";
}

}  // namespace ortforge::report_detail

#include "ortforge/recipe/placeholder.hpp"

#include <cctype>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.' && c != '-') return false;
  }
  return true;
}

}  // namespace

Result<std::string> expand_placeholders(std::string_view text, const PlaceholderValues& values,
                                        std::string_view place) {
  std::string result;
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t start = text.find('@', position);
    result += text.substr(position, start == std::string_view::npos ? start : start - position);
    if (start == std::string_view::npos) break;
    const std::size_t end = text.find('@', start + 1);
    const std::string name(end == std::string_view::npos ? std::string_view()
                                                         : text.substr(start + 1, end - start - 1));
    if (end == start + 1) {
      result += '@';
      position = end + 1;
    } else if (!is_name(name)) {
      result += '@';  // an "@" that begins no placeholder
      position = start + 1;
    } else if (const auto value = values.find(name); value != values.end()) {
      result += value->second;
      position = end + 1;
    } else {
      std::vector<std::string> known;
      for (const auto& [key, ignored] : values) known.push_back(key);
      return fail(ErrorKind::bad_input, "{}: unknown placeholder '@{}@'{}; known here: {}", place, name,
                  did_you_mean(name, known), join(known, ", "));
    }
  }
  return result;
}

}  // namespace ortforge

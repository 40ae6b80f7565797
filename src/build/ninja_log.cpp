#include "ortforge/build/ninja_log.hpp"

#include <charconv>
#include <map>
#include <string>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::vector<ObjectCost> parse_ninja_log(std::string_view text) {
  std::map<std::string, std::int64_t> newest;
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with("#")) continue;
    const auto fields = split(line, '\t');
    std::int64_t start = 0;
    std::int64_t end = 0;
    if (fields.size() != 5 || !read_number(fields[0], start) || !read_number(fields[1], end) || end < start)
      continue;
    newest[fields[3]] = end - start;
  }
  std::vector<ObjectCost> costs;
  costs.reserve(newest.size());
  for (auto& [object, wall] : newest) costs.push_back({object, wall});
  return costs;
}

std::optional<NinjaProgress> parse_ninja_status(std::string_view line) {
  if (!line.starts_with("[")) return std::nullopt;
  const std::size_t slash = line.find('/');
  const std::size_t close = line.find(']');
  NinjaProgress progress;
  if (slash == std::string_view::npos || close == std::string_view::npos || slash > close)
    return std::nullopt;
  if (!read_number(line.substr(1, slash - 1), progress.done)) return std::nullopt;
  if (!read_number(line.substr(slash + 1, close - slash - 1), progress.total)) return std::nullopt;
  if (progress.total == 0 || progress.done > progress.total) return std::nullopt;
  return progress;
}

}  // namespace ortforge

#include <algorithm>
#include <charconv>
#include <iterator>

#include "ortforge/base/text.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

// Calls `use(key, value)` for every line "key : value".
template <class Use>
void for_each_field(std::string_view text, Use use) {
  for (const std::string& line : split(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    use(trim(std::string_view(line).substr(0, colon)), trim(std::string_view(line).substr(colon + 1)));
  }
}

std::vector<std::string> sorted_words(const std::string& text) {
  std::vector<std::string> words;
  for (std::string& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace

CpuInfo parse_cpuinfo(std::string_view text) {
  CpuInfo info;
  bool first = true;
  std::string previous;  // processors mostly list the same: equal texts need no second look
  for_each_field(text, [&](const std::string& key, const std::string& value) {
    if (key == "model name" && info.model.empty()) info.model = value;
    if ((key != "flags" && key != "Features") || (!first && value == previous)) return;
    std::vector<std::string> words = sorted_words(value);
    if (first) {
      info.features = std::move(words);
    } else {
      std::vector<std::string> common;
      std::set_intersection(info.features.begin(), info.features.end(), words.begin(), words.end(),
                            std::back_inserter(common));
      info.features = std::move(common);
    }
    previous = value;
    first = false;
  });
  return info;
}

std::optional<std::uint64_t> parse_meminfo(std::string_view text) {
  std::optional<std::uint64_t> bytes;
  for_each_field(text, [&](const std::string& key, const std::string& value) {
    if (key != "MemTotal") return;
    if (const auto kibibytes = number(value)) bytes = *kibibytes * 1024;
  });
  return bytes;
}

std::optional<std::uint64_t> parse_memory_limit(std::string_view text) {
  const std::optional<std::uint64_t> bytes = number(trim(text));
  constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;
  if (!bytes || *bytes >= kNoLimit) return std::nullopt;
  return bytes;
}

std::string parse_os_release(std::string_view text) {
  constexpr std::string_view kKey = "PRETTY_NAME=";
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with(kKey)) continue;
    std::string value = trim(std::string_view(line).substr(kKey.size()));
    const bool quoted =
        value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
    return quoted ? value.substr(1, value.size() - 2) : value;
  }
  return {};
}

CgroupPaths parse_cgroup(std::string_view text) {
  CgroupPaths paths;
  for (const std::string& line : split(text, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::vector<std::string> controllers = split(line.substr(first + 1, second - first - 1), ',');
    const std::string path = line.substr(second + 1);
    if (line.starts_with("0::")) paths.unified = path;
    if (std::find(controllers.begin(), controllers.end(), "memory") != controllers.end()) paths.memory = path;
  }
  return paths;
}

}  // namespace ortforge

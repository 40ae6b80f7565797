#include "ortforge/report/why.hpp"

#include <fmt/core.h>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

constexpr std::size_t kShown = 12;

// "sha256-" is no help to a reader and would use up the room.
std::string shortened(const std::string& value) {
  constexpr std::string_view kPrefix = "sha256-";
  const std::size_t start = value.starts_with(kPrefix) ? kPrefix.size() : 0;
  return value.size() <= start + kShown ? value : value.substr(0, start + kShown) + "…";
}

std::string change_line(const InputChange& change) {
  if (!change.before) return fmt::format("{} is new: {}", change.input, shortened(*change.after));
  if (!change.after) return fmt::format("{} is gone: {}", change.input, shortened(*change.before));
  const std::string before = shortened(*change.before);
  const std::string after = shortened(*change.after);
  if (before == after) return fmt::format("{} changed: {} → {}", change.input, *change.before, *change.after);
  return fmt::format("{} changed: {} → {}", change.input, before, after);
}

Json or_null(const std::string& value) {
  return value.empty() ? Json(nullptr) : Json(value);
}
Json or_null(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::vector<InputChange> compare_parts(const std::map<std::string, std::string>& before,
                                       const std::map<std::string, std::string>& after) {
  std::vector<InputChange> changes;
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && old->first < now->first)) {
      changes.push_back({old->first, old->second, std::nullopt});
      ++old;
    } else if (old == before.end() || now->first < old->first) {
      changes.push_back({now->first, std::nullopt, now->second});
      ++now;
    } else {
      if (old->second != now->second) changes.push_back({now->first, old->second, now->second});
      ++old;
      ++now;
    }
  }
  return changes;
}

std::string why_text(const WhyInput& input) {
  if (!input.before) return fmt::format("{}: not on record; it runs because it never has\n", input.scope);
  const auto changes = compare_parts(*input.before, input.after);
  if (changes.empty()) return fmt::format("{}: no input changed since it ran\n", input.scope);
  std::string text = fmt::format("{}: {} input{} changed since it ran\n", input.scope, changes.size(),
                                 changes.size() == 1 ? "" : "s");
  for (const InputChange& change : changes) text += "  " + change_line(change) + "\n";
  return text;
}

std::string why_json(const WhyInput& input) {
  Json json;
  json["schema"] = "why/1";
  json["scope"] = input.scope;
  json["before_key"] = or_null(input.before_key);
  json["after_key"] = or_null(input.after_key);
  json["changes"] = Json::array();
  for (const InputChange& change :
       compare_parts(input.before.value_or(std::map<std::string, std::string>()), input.after)) {
    json["changes"].push_back({{"input", change.input},
                               {"change", !change.before  ? "added"
                                          : !change.after ? "removed"
                                                          : "changed"},
                               {"before", or_null(change.before)},
                               {"after", or_null(change.after)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

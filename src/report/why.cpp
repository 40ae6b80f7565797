#include "ortforge/report/why.hpp"

#include <fmt/core.h>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

constexpr std::size_t kShown = 12;

// "sha256-" is no help to a reader and would use up the room.
std::string shortened(const std::string& value) {
  constexpr std::string_view kPrefix = "sha256-";
  const std::size_t start = value.starts_with(kPrefix) ? kPrefix.size() : 0;
  return value.size() <= start + kShown ? value : value.substr(0, start + kShown) + "…";
}

// "source/onnx" -> "the source onnx"; `parts` name the environment. Names not of the planner stay.
std::string in_words(const std::string& input, const std::map<std::string, std::string>& parts) {
  static constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"source/", "the source "}, {"recipe/", "the recipe file "}, {"needs/", "the step "}};
  for (const auto& [kind, words] : kKinds) {
    if (input.starts_with(kind)) return std::string(words) + input.substr(kind.size());
  }
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"commands", "the list of its commands"},
      {"environment-name", "the choice of environment"},
      {"format", "the form of keys"},
      {"output", "the folder of its output"},
      {"toolkit", "the CUDA toolkit"}};
  for (const auto& [name, words] : kNames) {
    if (input == name) return std::string(words);
  }
  if (input != "environment") return input;
  const auto name = parts.find("environment-name");
  return name == parts.end() ? "the environment" : "the environment " + name->second;
}

std::string change_line(const std::string& input, const InputChange& change) {
  if (!change.before) return fmt::format("{} is new: {}", input, shortened(*change.after));
  if (!change.after) return fmt::format("{} is gone: {}", input, shortened(*change.before));
  const std::string before = shortened(*change.before);
  const std::string after = shortened(*change.after);
  if (before == after) return fmt::format("{} changed: {} → {}", input, *change.before, *change.after);
  return fmt::format("{} changed: {} → {}", input, before, after);
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
  const auto line = [&](const std::string& verdict) { return input.scope + ": " + verdict + "\n"; };
  if (input.state == "stored") return line("in the store; does not run");
  if (input.state == "not needed") return line("does not run; what reads its output is in the store");
  if (input.before_key.empty()) return line("runs; it has never been built");
  if (!input.unknown.empty()) return line("runs; " + input.unknown);
  if (!input.before) return line("runs; what it was made from last time is no longer on record");
  const auto changes = compare_parts(*input.before, input.after);
  if (changes.empty()) return line("runs; its output is no longer in the store");
  const std::string changed = counted(changes.size(), "input") + " changed since it was built";
  std::string text = line("runs; " + changed);
  for (const InputChange& change : changes)
    text += "  " + change_line(in_words(change.input, input.after), change) + "\n";
  return text;
}

std::string why_json(const WhyInput& input) {
  Json json;
  json["schema"] = "why/1";
  json["scope"] = input.scope;
  json["state"] = input.state;
  json["unknown"] = or_null(input.unknown);
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

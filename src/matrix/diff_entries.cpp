#include "diff_entries.hpp"

#include <algorithm>
#include <map>

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_diff {
namespace {

bool has_name(const Json& value) {
  return value.is_object() && value.contains("name") && value["name"].is_string();
}

bool is_list_of_named(const Json& value) {
  return value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), has_name);
}

// Values of an object one after another; a member that is true is its own name.
std::string brief(const Json& object) {
  std::vector<std::string> parts;
  for (const auto& [member, value] : object.items()) {
    if (value.is_boolean()) {
      if (value.get<bool>()) parts.push_back(member);
    } else if (value.is_array()) {
      for (const Json& item : value) parts.push_back(text_of(item));
    } else if (value.is_object()) {
      for (const auto& [inner, item] : value.items()) parts.push_back(inner + "=" + text_of(item));
    } else {
      parts.push_back(text_of(value));
    }
  }
  return join(parts, " ");
}

void add_facts(const Json& value, const std::string& path, Facts& facts);

void add_named(const Json& list, const std::string& path, Facts& facts) {
  std::map<std::string, int> seen;
  for (const Json& item : list) {
    Json rest = item;
    rest.erase("name");
    std::string name = path + "." + item["name"].get<std::string>();
    if (const int count = ++seen[name]; count > 1) name += fmt::format("#{}", count);
    if (rest.empty()) facts.emplace_back(name, "yes");
    add_facts(rest, name, facts);
  }
}

void add_facts(const Json& value, const std::string& path, Facts& facts) {
  if (value.is_object()) {
    for (const auto& [member, inner] : value.items())
      add_facts(inner, path.empty() ? member : path + "." + member, facts);
  } else if (is_list_of_named(value)) {
    add_named(value, path, facts);
  } else {
    facts.emplace_back(path, text_of(value));
  }
}

// What an element of a list goes by, taken out of it.
std::string take_name(Json& element, std::size_t index) {
  if (!element.is_object()) return fmt::format("#{}", index + 1);
  if (has_name(element)) {
    std::string name = element["name"].get<std::string>();
    element.erase("name");
    return name;
  }
  std::vector<std::string> parts;
  for (const char* member : {"source", "file", "backend", "rule"}) {
    if (!element.contains(member) || !element[member].is_string()) continue;
    parts.push_back(element[member].get<std::string>());
    element.erase(member);
  }
  return parts.empty() ? fmt::format("#{}", index + 1) : join(parts, "/");
}

const std::string* find_fact(const Facts& facts, const std::string& member) {
  const auto found =
      std::find_if(facts.begin(), facts.end(), [&](const auto& fact) { return fact.first == member; });
  return found == facts.end() ? nullptr : &found->second;
}

std::vector<MemberChange> diff_facts(const Facts& before, const Facts& after) {
  std::vector<MemberChange> changes;
  for (const auto& [member, text] : before) {
    const std::string* now = find_fact(after, member);
    if (now == nullptr) {
      changes.push_back({member, text, std::nullopt});
    } else if (*now != text) {
      changes.push_back({member, text, *now});
    }
  }
  for (const auto& [member, text] : after) {
    if (find_fact(before, member) == nullptr) changes.push_back({member, std::nullopt, text});
  }
  return changes;
}

}  // namespace

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return brief(value);
  if (!value.is_array()) return value.dump();
  std::vector<std::string> parts;
  for (const Json& item : value) parts.push_back(text_of(item));
  const bool objects =
      std::any_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
  return join(parts, objects ? "; " : ", ");
}

Facts facts_of(const Json& object) {
  Facts facts;
  add_facts(object, "", facts);
  return facts;
}

std::vector<Entry> entries_of(const Json& collection) {
  std::vector<Entry> entries;
  if (collection.is_object()) {
    for (const auto& [name, value] : collection.items()) entries.push_back({name, facts_of(value)});
    return entries;
  }
  if (!collection.is_array()) return entries;
  for (std::size_t i = 0; i < collection.size(); ++i) {
    Json element = collection[i];
    std::string name = take_name(element, i);
    entries.push_back({std::move(name), facts_of(element)});
  }
  return entries;
}

std::vector<EntryChange> diff_entries(const std::vector<Entry>& before, const std::vector<Entry>& after) {
  std::vector<bool> taken(after.size(), false);
  const auto take = [&](const auto& fits) -> const Entry* {
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (taken[i] || !fits(after[i])) continue;
      taken[i] = true;
      return &after[i];
    }
    return nullptr;
  };
  std::vector<const Entry*> left;
  for (const Entry& entry : before) {
    const Entry* same =
        take([&](const Entry& other) { return other.name == entry.name && other.facts == entry.facts; });
    if (same == nullptr) left.push_back(&entry);
  }
  std::vector<EntryChange> changes;
  for (const Entry* entry : left) {
    const Entry* other = take([&](const Entry& candidate) { return candidate.name == entry->name; });
    const auto kind = other == nullptr ? EntryChange::Kind::lost : EntryChange::Kind::changed;
    std::vector<MemberChange> members = diff_facts(entry->facts, other == nullptr ? Facts() : other->facts);
    // Members in another order are no difference.
    if (other == nullptr || !members.empty()) changes.push_back({kind, entry->name, std::move(members)});
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!taken[i])
      changes.push_back({EntryChange::Kind::gained, after[i].name, diff_facts({}, after[i].facts)});
  }
  return changes;
}

}  // namespace ortforge::matrix_diff

#include "ortforge/base/json_reader.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

const char* kind_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_integer()) return "an integer";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  return value.is_array() ? "an array" : "an object";
}

std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n');
  const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return fmt::format("{}:{}", line, column);
}

// The part of the library's message that says what is wrong, without its own prefix.
std::string syntax_reason(std::string message) {
  if (const auto at = message.find(": syntax error"); at != std::string::npos)
    message = message.substr(at + 2);
  return message;
}

std::string member_path(const std::string& path, std::string_view key) {
  const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  return plain ? fmt::format("{}.{}", path, key) : fmt::format("{}[\"{}\"]", path, key);
}

// Deeper than any file ortforge reads; values are copied, merged and freed by recursion.
constexpr int kDeepest = 100;

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& origin) {
  std::vector<std::set<std::string>> open_objects;
  std::string duplicate;
  bool too_deep = false;
  const auto watch = [&](int depth, nlohmann::detail::parse_event_t event, Json& parsed) {
    using Event = nlohmann::detail::parse_event_t;
    const bool opens = event == Event::object_start || event == Event::array_start;
    too_deep = too_deep || (opens && depth >= kDeepest);
    if (too_deep) return false;
    if (event == Event::object_start) open_objects.emplace_back();
    if (event == Event::object_end && !open_objects.empty()) open_objects.pop_back();
    if (event == Event::key && !open_objects.empty()) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!open_objects.back().insert(key).second && duplicate.empty()) duplicate = key;
    }
    return true;
  };
  try {
    Json value = Json::parse(text.begin(), text.end(), watch);
    if (too_deep) return fail(ErrorKind::bad_input, "{}: values nest deeper than {}", origin, kDeepest);
    if (!duplicate.empty())
      return fail(ErrorKind::bad_input, "{}: the key '{}' stands twice in one object", origin, duplicate);
    return value;
  } catch (const Json::parse_error& error) {
    return fail(ErrorKind::bad_input, "{}:{}: {}", origin, position(text, error.byte),
                syntax_reason(error.what()));
  }
}

Result<Json> read_json(const std::filesystem::path& file) {
  ORTFORGE_TRY(const std::string text, read_file(file));
  return parse_json(text, file.string());
}

tl::unexpected<Error> JsonPlace::error(std::string_view message) const {
  return fail(ErrorKind::bad_input, "{}: {}: {}", file_, path_, message);
}

bool JsonPlace::has(std::string_view key) const {
  return value_->is_object() && value_->contains(std::string(key));
}

Result<JsonPlace> JsonPlace::at(std::string_view key) const {
  if (!value_->is_object()) return error(fmt::format("expected an object, found {}", kind_of(*value_)));
  const auto found = value_->find(std::string(key));
  if (found == value_->end()) return error(fmt::format("the member '{}' is missing", key));
  return JsonPlace(*found, file_, member_path(path_, key));
}

Result<std::vector<std::pair<std::string, JsonPlace>>> JsonPlace::members() const {
  if (!value_->is_object()) return error(fmt::format("expected an object, found {}", kind_of(*value_)));
  std::vector<std::pair<std::string, JsonPlace>> result;
  for (const auto& [key, value] : value_->items())
    result.emplace_back(key, JsonPlace(value, file_, member_path(path_, key)));
  return result;
}

Result<std::vector<JsonPlace>> JsonPlace::elements() const {
  if (!value_->is_array()) return error(fmt::format("expected an array, found {}", kind_of(*value_)));
  std::vector<JsonPlace> result;
  for (std::size_t i = 0; i < value_->size(); ++i)
    result.emplace_back((*value_)[i], file_, fmt::format("{}[{}]", path_, i));
  return result;
}

Result<std::string> JsonPlace::string() const {
  if (!value_->is_string()) return error(fmt::format("expected a string, found {}", kind_of(*value_)));
  return value_->get<std::string>();
}

Result<bool> JsonPlace::boolean() const {
  if (!value_->is_boolean()) return error(fmt::format("expected true or false, found {}", kind_of(*value_)));
  return value_->get<bool>();
}

Result<long long> JsonPlace::integer() const {
  if (!value_->is_number_integer())
    return error(fmt::format("expected an integer, found {}", kind_of(*value_)));
  return value_->get<long long>();
}

Result<double> JsonPlace::number() const {
  if (!value_->is_number()) return error(fmt::format("expected a number, found {}", kind_of(*value_)));
  return value_->get<double>();
}

Result<std::vector<std::string>> JsonPlace::strings() const {
  ORTFORGE_TRY(const std::vector<JsonPlace> items, elements());
  std::vector<std::string> result;
  for (const JsonPlace& item : items) {
    ORTFORGE_TRY(std::string text, item.string());
    result.push_back(std::move(text));
  }
  return result;
}

Result<std::string> JsonPlace::string(std::string_view key) const {
  ORTFORGE_TRY(const JsonPlace place, at(key));
  return place.string();
}

Result<std::string> JsonPlace::string_or(std::string_view key, std::string fallback) const {
  if (!has(key)) return fallback;
  return string(key);
}

Result<bool> JsonPlace::boolean_or(std::string_view key, bool fallback) const {
  if (!has(key)) return fallback;
  ORTFORGE_TRY(const JsonPlace place, at(key));
  return place.boolean();
}

Result<long long> JsonPlace::integer(std::string_view key) const {
  ORTFORGE_TRY(const JsonPlace place, at(key));
  return place.integer();
}

Result<long long> JsonPlace::integer_or(std::string_view key, long long fallback) const {
  if (!has(key)) return fallback;
  return integer(key);
}

Result<double> JsonPlace::number_or(std::string_view key, double fallback) const {
  if (!has(key)) return fallback;
  ORTFORGE_TRY(const JsonPlace place, at(key));
  return place.number();
}

Result<std::vector<std::string>> JsonPlace::strings_or(std::string_view key,
                                                       std::vector<std::string> fallback) const {
  if (!has(key)) return fallback;
  ORTFORGE_TRY(const JsonPlace place, at(key));
  return place.strings();
}

Result<void> JsonPlace::only(const std::vector<std::string>& known) const {
  ORTFORGE_TRY(const auto all, members());
  for (const auto& [key, place] : all) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return error(fmt::format("unknown member '{}'{}", key, did_you_mean(key, known)));
    }
  }
  return {};
}

}  // namespace ortforge

#include "ortforge/base/json_reader.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>

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

// The path of the value at the address `wanted`, in or below `from` at `path`; nothing when it is not there.
std::optional<std::string> path_to(const Json& from, const Json* wanted, const std::string& path) {
  if (&from == wanted) return path;
  if (!from.is_structured()) return std::nullopt;
  std::size_t index = 0;
  for (const Json& value : from) {
    // Most values are not the one: nothing is put together for them.
    if (auto rest = path_to(value, wanted, {})) {
      const auto key = [&] { return std::next(from.begin(), static_cast<std::ptrdiff_t>(index)).key(); };
      return (from.is_object() ? member_path(path, key()) : fmt::format("{}[{}]", path, index)) + *rest;
    }
    ++index;
  }
  return std::nullopt;
}

// Deeper than any file ortforge reads; values are copied, merged and freed by recursion.
constexpr std::size_t kDeepest = 100;

// Makes the document from the parser's events, and stops at what the parser itself lets pass: keys that stand
// twice in an object, and values nested without end.
class Builder {
 public:
  Json document;
  std::string fault;                // what stopped it
  std::size_t syntax_error_at = 0;  // in bytes, from 1
  std::string syntax_error;

  bool null() { return scalar(nullptr); }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(Json::number_integer_t value) { return scalar(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return scalar(value); }
  bool number_float(Json::number_float_t value, const Json::string_t&) { return scalar(value); }
  bool string(Json::string_t& value) { return scalar(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // JSON text has none
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(Json::string_t& name) {
    const auto [member, added] = open_.back()->emplace(name, nullptr);
    if (!added) fault = fmt::format("the key '{}' stands twice in one object", name);
    member_ = &*member;
    return added;
  }
  bool parse_error(std::size_t at, const std::string&, const Json::exception& error) {
    syntax_error_at = at;
    syntax_error = error.what();
    return false;
  }

 private:
  Json& place() {
    if (open_.empty()) return document;
    if (open_.back()->is_object()) return *member_;
    open_.back()->push_back(nullptr);
    return open_.back()->back();
  }
  template <class Value>
  bool scalar(Value&& value) {
    place() = std::forward<Value>(value);
    return true;
  }
  bool open(Json container) {
    if (open_.size() == kDeepest) {
      fault = fmt::format("values nest deeper than {}", kDeepest);
      return false;
    }
    Json& opened = place();
    opened = std::move(container);
    open_.push_back(&opened);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*> open_;  // objects and arrays around the present value, outermost first
  Json* member_ = nullptr;   // the newest member of the innermost object
};

}  // namespace

Json or_null(const std::string& value) {
  return value.empty() ? Json(nullptr) : Json(value);
}

Json or_null(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Result<Json> parse_json(std::string_view text, const std::string& origin) {
  Builder builder;
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.document);
  if (!builder.fault.empty()) return fail(ErrorKind::bad_input, "{}: {}", origin, builder.fault);
  return fail(ErrorKind::bad_input, "{}:{}: {}", origin, position(text, builder.syntax_error_at),
              syntax_reason(builder.syntax_error));
}

Result<Json> read_json(const std::filesystem::path& file) {
  ORTFORGE_TRY(const std::string text, read_file(file));
  return parse_json(text, file.string());
}

tl::unexpected<Error> JsonPlace::error(std::string_view message) const {
  return fail(ErrorKind::bad_input, "{}: {}: {}", file(), path(), message);
}

std::string JsonPlace::path() const {
  return path_to(*document_->root, value_, document_->path).value_or(document_->path);
}

bool JsonPlace::has(std::string_view key) const {
  return value_->is_object() && value_->contains(std::string(key));
}

Result<JsonPlace> JsonPlace::at(std::string_view key) const {
  if (!value_->is_object()) return error(fmt::format("expected an object, found {}", kind_of(*value_)));
  const auto found = value_->find(std::string(key));
  if (found == value_->end()) return error(fmt::format("the member '{}' is missing", key));
  return JsonPlace(*found, document_);
}

Result<std::vector<std::pair<std::string, JsonPlace>>> JsonPlace::members() const {
  if (!value_->is_object()) return error(fmt::format("expected an object, found {}", kind_of(*value_)));
  std::vector<std::pair<std::string, JsonPlace>> result;
  result.reserve(value_->size());
  for (const auto& [key, value] : value_->items()) result.emplace_back(key, JsonPlace(value, document_));
  return result;
}

Result<std::vector<JsonPlace>> JsonPlace::elements() const {
  if (!value_->is_array()) return error(fmt::format("expected an array, found {}", kind_of(*value_)));
  std::vector<JsonPlace> result;
  result.reserve(value_->size());
  for (const Json& value : *value_) result.push_back(JsonPlace(value, document_));
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
  if (!value_->is_object()) return error(fmt::format("expected an object, found {}", kind_of(*value_)));
  for (const auto& [key, value] : value_->items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return error(fmt::format("unknown member '{}'{}", key, did_you_mean(key, known)));
    }
  }
  return {};
}

}  // namespace ortforge

#include "ortforge/base/json_edit.hpp"

#include <optional>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// Where a member stands in the text.
struct MemberSpan {
  std::size_t key = 0;  // its first quote
  std::size_t value = 0;
  std::size_t end = 0;  // behind the value
};

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", at);
  return next == std::string_view::npos ? text.size() : next;
}

// Behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

// Behind the value that begins at `at`.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') return skip_string(text, at);
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (depth == 0 && (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t'))
      return at;
    ++at;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return at;
}

// The member of the object that begins at `at`.
std::optional<MemberSpan> find_member(std::string_view text, std::size_t at, const std::string& wanted) {
  if (at >= text.size() || text[at] != '{') return std::nullopt;
  at = skip_blanks(text, at + 1);
  while (at < text.size() && text[at] == '"') {
    MemberSpan span;
    span.key = at;
    const std::size_t behind = skip_string(text, at);
    const Json key = Json::parse(text.substr(at, behind - at), nullptr, false);
    at = skip_blanks(text, behind);
    if (at >= text.size() || text[at] != ':') return std::nullopt;
    span.value = skip_blanks(text, at + 1);
    span.end = skip_value(text, span.value);
    if (key.is_string() && key.get<std::string>() == wanted) return span;
    at = skip_blanks(text, span.end);
    if (at >= text.size() || text[at] != ',') return std::nullopt;
    at = skip_blanks(text, at + 1);
  }
  return std::nullopt;
}

Result<MemberSpan> member_at(std::string_view text, std::vector<std::string> path, const std::string& key) {
  path.push_back(key);
  std::size_t at = skip_blanks(text, 0);
  std::optional<MemberSpan> found;
  for (const std::string& name : path) {
    found = find_member(text, at, name);
    if (!found) return fail(ErrorKind::bad_input, "the document has no member {}", join(path, "."));
    at = found->value;
  }
  return *found;
}

std::string member_text(const std::string& key, const std::string& value) {
  return Json(key).dump() + ": " + Json(value).dump();
}

}  // namespace

Result<std::string> insert_member(std::string_view text, const std::vector<std::string>& path,
                                  const std::string& after, const std::string& key,
                                  const std::string& value) {
  ORTFORGE_TRY(const MemberSpan span, member_at(text, path, after));
  const std::size_t newline = text.substr(0, span.key).rfind('\n');
  std::string gap = " ";
  if (newline != std::string_view::npos && skip_blanks(text, newline) == span.key)
    gap = text.substr(newline, span.key - newline);
  std::string changed(text);
  changed.insert(span.end, "," + gap + member_text(key, value));
  return changed;
}

Result<std::string> replace_member(std::string_view text, const std::vector<std::string>& path,
                                   const std::string& old, const std::string& key, const std::string& value) {
  ORTFORGE_TRY(const MemberSpan span, member_at(text, path, old));
  std::string changed(text);
  changed.replace(span.key, span.end - span.key, member_text(key, value));
  return changed;
}

}  // namespace ortforge

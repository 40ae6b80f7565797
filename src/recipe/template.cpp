#include "ortforge/recipe/template.hpp"

#include <algorithm>
#include <set>

#include <kainjow/mustache.hpp>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(const TemplateValues& values) {
  mustache::data data(mustache::data::type::object);
  for (const auto& [name, text] : values.texts) data.set(name, text);
  for (const auto& [name, on] : values.switches) data.set(name, mustache::data(on));
  for (const auto& [name, rows] : values.lists) {
    mustache::data list(mustache::data::type::list);
    for (const TemplateValues& row : rows) list.push_back(to_data(row));
    data.set(name, list);
  }
  return data;
}

// A context that remembers every name it was asked for and did not have.
class StrictContext : public mustache::context<std::string> {
 public:
  explicit StrictContext(const mustache::data* data) : mustache::context<std::string>(data) {}

  const mustache::data* get(const std::string& name) const override {
    const mustache::data* found = mustache::context<std::string>::get(name);
    if (found == nullptr) unknown_.insert(name);
    return found;
  }
  // Templates are single files here: a partial would come out as nothing.
  const mustache::data* get_partial(const std::string& name) const override {
    partials_.insert(name);
    return nullptr;
  }
  const std::set<std::string>& unknown() const { return unknown_; }
  const std::set<std::string>& partials() const { return partials_; }

 private:
  mutable std::set<std::string> unknown_;
  mutable std::set<std::string> partials_;
};

void collect_names(const TemplateValues& values, std::set<std::string>& names) {
  for (const auto& [name, text] : values.texts) names.insert(name);
  for (const auto& [name, on] : values.switches) names.insert(name);
  for (const auto& [name, rows] : values.lists) {
    names.insert(name);
    for (const TemplateValues& row : rows) collect_names(row, names);
  }
}

constexpr int kDeepest = 8;  // of sections: each list repeats all that is inside it

// What the parser would take, but no template needs: other delimiters, and sections that nest without end.
// Tags are cut out as the parser does it.
Result<void> check_tags(std::string_view text, const std::string& name) {
  int depth = 0;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const std::string_view closing = text.substr(at + 2, 1) == "{" ? "}}}" : "}}";
    const std::size_t kind = text.find_first_not_of(" \t\r\n\v\f", at + 2);
    const std::size_t end = text.find(closing, at + closing.size());
    if (kind == std::string_view::npos || end == std::string_view::npos) break;  // the parser words this one
    const auto line = [&] {
      const std::string_view before = text.substr(0, at);
      return 1 + std::count(before.begin(), before.end(), '\n');
    };
    if (text[kind] == '=')
      return fail(ErrorKind::bad_input, "{}:{}: a template cannot change its delimiters", name, line());
    if (text[kind] == '#' || text[kind] == '^') ++depth;
    if (text[kind] == '/') --depth;
    if (depth > kDeepest)
      return fail(ErrorKind::bad_input, "{}:{}: sections nest deeper than {}", name, line(), kDeepest);
    at = end + closing.size();
  }
  return {};
}

// The line on which a tag with this name first stands.
std::size_t line_of(std::string_view text, const std::string& name) {
  std::size_t line = 1;
  for (const std::string& content : split(text, '\n')) {
    for (std::size_t at = content.find("{{"); at != std::string::npos; at = content.find("{{", at + 2)) {
      const std::size_t start = content.find_first_not_of("{#^/&> ", at + 2);
      if (start == std::string::npos || content.compare(start, name.size(), name) != 0) continue;
      const std::size_t end = start + name.size();
      if (end < content.size() && (content[end] == ' ' || content[end] == '}')) return line;
    }
    ++line;
  }
  return 1;
}

}  // namespace

std::string escape_cmake(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"' || c == '$') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

namespace {

// Whether a '$' before this may begin "${": here, or once a placeholder or the text behind it is put in.
bool may_open(std::string_view rest) {
  return rest.empty() || rest.front() == '{' || rest.front() == '@';
}

}  // namespace

std::string escape_nix(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '\n':
        escaped += "\\n";
        break;
      case '\r':
        escaped += "\\r";
        break;
      case '\t':
        escaped += "\\t";
        break;
      default:
        if (c == '\\' || c == '"' || (c == '$' && may_open(text.substr(i + 1)))) escaped += '\\';
        escaped += c;
    }
  }
  return escaped;
}

namespace {

std::string escaped_for(TemplateLanguage language, const std::string& value) {
  switch (language) {
    case TemplateLanguage::cmake:
      return escape_cmake(value);
    case TemplateLanguage::nix:
      return escape_nix(value);
    case TemplateLanguage::plain:
      break;
  }
  return value;
}

// Whether a line is one section tag and blanks: "  {{#name}}".
bool is_section_line(std::string_view line) {
  const std::string tag = trim(line);
  return tag.size() > 5 && tag.starts_with("{{") && tag.find_first_of("#^/", 2) == 2 && tag.ends_with("}}") &&
         tag.find("}}") == tag.size() - 2;
}

// Stands behind such a tag while the library has the text, and nowhere else.
constexpr char kNoLineEnd = '\x01';

// Takes the rest of their line away from section tags that have one of their own (mustache(5), "Sections":
// standalone tags). The library does so too, but leaves a blank line where a section that is off follows
// another one; the mark keeps it from doing so where a blank line follows.
std::string without_section_lines(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, length);
    if (is_section_line(line))
      result += trim(line) + kNoLineEnd;
    else
      result += line;
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

Result<std::string> render_template(std::string_view text, const std::string& name, TemplateLanguage language,
                                    const TemplateValues& values) {
  ORTFORGE_CHECK(check_tags(text, name));
  mustache::mustache parsed{without_section_lines(text)};
  if (!parsed.is_valid()) return fail(ErrorKind::bad_input, "{}: {}", name, parsed.error_message());
  parsed.set_custom_escape([language](const std::string& value) { return escaped_for(language, value); });
  const mustache::data data = to_data(values);
  StrictContext context(&data);
  std::string rendered = parsed.render(context);
  if (!parsed.is_valid()) return fail(ErrorKind::bad_input, "{}: {}", name, parsed.error_message());
  if (!context.partials().empty()) {
    const std::string& partial = *context.partials().begin();
    return fail(ErrorKind::bad_input, "{}:{}: '{{{{>{}}}}}': a template cannot take in another file", name,
                line_of(text, partial), partial);
  }
  if (!context.unknown().empty()) {
    const std::string& key = *context.unknown().begin();
    std::set<std::string> names;
    collect_names(values, names);
    return fail(ErrorKind::bad_input, "{}:{}: unknown key '{}'{}", name, line_of(text, key), key,
                did_you_mean(key, std::vector<std::string>(names.begin(), names.end())));
  }
  std::erase(rendered, kNoLineEnd);
  return rendered;
}

}  // namespace ortforge

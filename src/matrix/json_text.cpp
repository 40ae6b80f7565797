#include "json_text.hpp"

#include <algorithm>

namespace ortforge::matrix_edit {
namespace {

// Walks over a text that is known to be JSON; in any other it stops at the end.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {
    if (text.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  std::size_t at() const { return at_; }

  // Passes over a character that must come next; false when another one does.
  bool pass(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  // Passes over a string and gives what stands between its quotes.
  std::string_view pass_string() {
    skip_space();
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    const std::string_view inside = start <= at_ ? text_.substr(start, at_ - start) : std::string_view();
    at_ = std::min(at_ + 1, text_.size());
    return inside;
  }

  void pass_value() {
    skip_space();
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        pass_string();
        if (depth == 0) return;
        continue;
      }
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (closes || c == ',' || is_space(c))) return;
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if (closes && --depth == 0) return;
    }
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Moves to the value of a member of the object that comes next; gives where its name begins.
std::optional<std::size_t> enter(Walker& walker, std::string_view name) {
  if (!walker.pass('{')) return std::nullopt;
  do {
    walker.skip_space();
    const std::size_t key = walker.at();
    const std::string_view found = walker.pass_string();
    if (!walker.pass(':')) return std::nullopt;
    if (found == name) return key;
    walker.pass_value();
  } while (walker.pass(','));
  return std::nullopt;
}

}  // namespace

std::optional<MemberSpan> find_member(std::string_view text, const std::vector<std::string>& path) {
  Walker walker(text);
  MemberSpan span;
  for (const std::string& name : path) {
    const std::optional<std::size_t> key = enter(walker, name);
    if (!key) return std::nullopt;
    span.key = *key;
  }
  walker.pass_value();
  span.end = walker.at();
  return span;
}

}  // namespace ortforge::matrix_edit

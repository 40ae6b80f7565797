#include "nix_text.hpp"

#include <algorithm>
#include <optional>

namespace ortforge::nix_text {
namespace {

// Deeper than any recipe; the stack of open things stays small.
constexpr std::size_t kDepth = 200;

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_word_part(char c) {
  return is_word_start(c) || c == '-' || c == '\'';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<void> run(Document& document) {
    for (;;) {
      ORTFORGE_CHECK(skip_blanks(document.tokens.empty() ? &document.head : nullptr));
      if (at_ >= text_.size()) return {};
      Token token;
      token.line = line_;
      if (looking_at("\"")) {
        token.kind = Token::Kind::string;
        ORTFORGE_CHECK(read_string(token, false));
      } else if (looking_at("''")) {
        token.kind = Token::Kind::string;
        ORTFORGE_CHECK(read_string(token, true));
      } else if (is_word_start(text_[at_])) {
        token.kind = Token::Kind::word;
        const std::size_t start = at_;
        while (at_ < text_.size() && is_word_part(text_[at_])) ++at_;
        token.text = text_.substr(start, at_ - start);
      } else {
        token.text = text_.substr(at_, symbol_size());
        at_ += token.text.size();
      }
      document.tokens.push_back(std::move(token));
    }
  }

 private:
  bool looking_at(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }

  static tl::unexpected<Error> fault(std::size_t line, std::string_view what) {
    return fail(ErrorKind::bad_input, "line {}: {}", line, what);
  }

  // "==" and its like must not be taken for the '=' of an assignment; "${" opens a bracket as '{' does.
  std::size_t symbol_size() const {
    for (const char* symbol : {"==", "!=", "<=", ">=", "++", "//", "${", "..."}) {
      if (looking_at(symbol)) return std::string_view(symbol).size();
    }
    return 1;
  }

  // `comments` takes the text of comments that begin with '#'; may be null.
  Result<void> skip_blanks(std::string* comments) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        if (comments != nullptr) comments->append(text_.substr(at_ + 1, end - at_ - 1)).push_back('\n');
        at_ = end;
      } else if (looking_at("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return fault(line_, "the comment is not closed");
        advance(end + 2);
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        advance(at_ + 1);
      } else {
        break;
      }
    }
    return {};
  }

  void advance(std::size_t to) {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = to;
  }

  // "..." or ''...'', at its opening quote.
  Result<void> read_string(Token& token, bool indented) {
    const std::size_t first_line = line_;
    at_ += indented ? 2 : 1;
    std::string text;
    while (at_ < text_.size()) {
      if (looking_at("$${")) {
        text += "$${";
        at_ += 3;
      } else if (looking_at("${")) {
        token.pieces.push_back({false, std::move(text)});
        text.clear();
        ORTFORGE_CHECK(read_interpolation(token));
      } else if (indented ? pass_indented_escape(text) : pass_escape(text)) {
        continue;
      } else if (looking_at(indented ? "''" : "\"")) {
        at_ += indented ? 2 : 1;
        token.pieces.push_back({false, std::move(text)});
        return {};
      } else {
        text += text_[at_];
        advance(at_ + 1);
      }
    }
    return fault(first_line, "the string is not closed");
  }

  bool pass_escape(std::string& text) {
    if (text_[at_] != '\\' || at_ + 1 >= text_.size()) return false;
    const char c = text_[at_ + 1];
    text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    advance(at_ + 2);
    return true;
  }

  // ''' is '', ''$ is $, ''\n is a line end.
  bool pass_indented_escape(std::string& text) {
    if (looking_at("'''")) {
      text += "''";
    } else if (looking_at("''$")) {
      text += "$";
    } else if (looking_at("''\\") && at_ + 3 < text_.size()) {
      text += text_[at_ + 3] == 'n' ? '\n' : text_[at_ + 3];
      advance(at_ + 4);
      return true;
    } else {
      return false;
    }
    at_ += 3;
    return true;
  }

  // "${...}" up to its own '}', strings and brackets inside passed over.
  Result<void> read_interpolation(Token& token) {
    const std::size_t first_line = line_;
    if (++nested_ > kDepth / 4) return fault(first_line, "strings are nested too deeply");
    at_ += 2;
    const std::size_t start = at_;
    std::size_t open = 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || looking_at("''")) {
        Token inner;
        ORTFORGE_CHECK(read_string(inner, c != '"'));
        continue;
      }
      advance(at_ + 1);
      if (c == '{') ++open;
      if (c != '}' || --open > 0) continue;
      token.pieces.push_back({true, std::string(text_.substr(start, at_ - 1 - start))});
      --nested_;
      return {};
    }
    return fault(first_line, "'${' is not closed");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t nested_ = 0;
};

// Finds assignments and scopes in one pass over the tokens, with a stack of what is open.
class Outline {
 public:
  explicit Outline(Document& document) : document_(document) {}

  Result<void> run() {
    open(Open::Kind::file, 0, true);
    for (std::size_t i = 0; i < document_.tokens.size(); ++i) {
      if (open_.size() > kDepth) return fault(i, "brackets are nested too deeply");
      ORTFORGE_CHECK(take(i));
    }
    while (open_.size() > 1) {
      if (open_.back().kind == Open::Kind::bracket)
        return fault(open_.back().token, fmt::format("'{}' is not closed", text(open_.back().token)));
      close(document_.tokens.size());
    }
    close(document_.tokens.size());
    return {};
  }

 private:
  struct Open {
    // `let`: before its `in`; body: after; clause: `with` or `assert` up to its ';'
    enum class Kind { file, bracket, let, body, clause, binding };
    Kind kind;
    std::size_t token;   // that opened it
    std::size_t number;  // of the scope or binding
  };

  const std::string& text(std::size_t i) const { return document_.tokens[i].text; }
  bool is(std::size_t i, std::string_view wanted) const { return document_.tokens[i].is(wanted); }

  tl::unexpected<Error> fault(std::size_t i, std::string_view what) const {
    return fail(ErrorKind::bad_input, "line {}: {}", document_.tokens[i].line, what);
  }

  void open(Open::Kind kind, std::size_t token, bool names) {
    open_.push_back({kind, token, document_.scopes.size()});
    document_.scopes.push_back({token, document_.tokens.size(), names});
  }

  void close(std::size_t end) {
    const Open& last = open_.back();
    if (last.kind == Open::Kind::binding) {
      document_.bindings[last.number].end = end;
    } else if (last.kind != Open::Kind::clause) {
      document_.scopes[last.number].end = end;
    }
    open_.pop_back();
  }

  // Closes what ends with the thing around it: bodies of `let` always, anything but brackets on demand.
  void close_down_to_bracket(std::size_t end) {
    while (open_.back().kind != Open::Kind::bracket && open_.back().kind != Open::Kind::file) close(end);
  }

  Result<void> take(std::size_t i) {
    if (document_.tokens[i].kind == Token::Kind::string) return {};
    const std::string& token = text(i);
    if (token == "{" || token == "[" || token == "(" || token == "${") {
      open(Open::Kind::bracket, i, i > 0 && is(i - 1, "rec"));
    } else if (token == "}" || token == "]" || token == ")") {
      return take_closing(i);
    } else if (token == "let") {
      open(Open::Kind::let, i, true);
    } else if (token == "in") {
      take_in(i);
    } else if (token == "with" || token == "assert") {
      open_.push_back({Open::Kind::clause, i, 0});
    } else if (token == ";") {
      take_semicolon(i);
    } else if (token == "=") {
      take_assignment(i);
    }
    return {};
  }

  Result<void> take_closing(std::size_t i) {
    close_down_to_bracket(i);
    const Open& last = open_.back();
    if (last.kind == Open::Kind::file) return fault(i, fmt::format("'{}' closes nothing", text(i)));
    const char opened = text(last.token).back();
    const char expected = opened == '{' ? '}' : opened == '[' ? ']' : ')';
    if (text(i)[0] != expected) {
      return fault(i, fmt::format("'{}' does not close the '{}' of line {}", text(i), opened,
                                  document_.tokens[last.token].line));
    }
    close(i);
    return {};
  }

  void take_in(std::size_t i) {
    while (open_.back().kind == Open::Kind::body || open_.back().kind == Open::Kind::clause ||
           open_.back().kind == Open::Kind::binding)
      close(i);
    if (open_.back().kind == Open::Kind::let) open_.back().kind = Open::Kind::body;
  }

  void take_semicolon(std::size_t i) {
    while (open_.back().kind == Open::Kind::body) close(i);
    if (open_.back().kind == Open::Kind::binding || open_.back().kind == Open::Kind::clause) close(i);
  }

  // The name before '=': words and plain strings with dots between, as long as they hang together.
  std::string name_before(std::size_t i) const {
    std::string name;
    constexpr std::size_t kParts = 16;
    for (std::size_t at = i; at > 0 && i - at < 2 * kParts; at -= 2) {
      const Token& part = document_.tokens[at - 1];
      if (part.kind == Token::Kind::symbol) return {};
      std::string word = part.text;
      if (part.kind == Token::Kind::string) {
        if (part.pieces.size() != 1) return {};
        word = part.pieces.front().text;
      }
      name = name.empty() ? word : word + "." + name;
      if (at < 3 || !is(at - 2, ".")) return name;
    }
    return name;
  }

  void take_assignment(std::size_t i) {
    std::string name = name_before(i);
    if (name.empty()) return;
    const auto around = std::find_if(open_.rbegin(), open_.rend(), [](const Open& one) {
      return one.kind != Open::Kind::clause && one.kind != Open::Kind::binding;
    });
    document_.bindings.push_back({std::move(name), i + 1, document_.tokens.size(), around->number});
    open_.push_back({Open::Kind::binding, i, document_.bindings.size() - 1});
  }

  Document& document_;
  std::vector<Open> open_;
};

}  // namespace

Result<Document> parse(std::string_view text) {
  Document document;
  ORTFORGE_CHECK(Lexer(text).run(document));
  ORTFORGE_CHECK(Outline(document).run());
  return document;
}

}  // namespace ortforge::nix_text

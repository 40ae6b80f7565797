#include "nix_values.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge::nix_text {
namespace {

// Longer texts are no flags, names or versions.
constexpr std::size_t kLongest = 65536;

class Deeper {
 public:
  explicit Deeper(std::size_t& depth) : depth_(depth) { ++depth_; }
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  std::size_t& depth_;
};

}  // namespace

const Binding* Values::find(const std::string& name, std::size_t place) const {
  const Binding* best = nullptr;
  std::size_t nearest_scope = 0;
  for (const Binding& binding : document_.bindings) {
    if (binding.name != name) continue;
    const Scope& scope = document_.scopes[binding.scope];
    const bool seen = scope.names && scope.begin <= place && place < scope.end;
    const bool itself = binding.begin <= place && place < binding.end;
    if (!seen || itself || (best != nullptr && scope.begin < nearest_scope)) continue;
    best = &binding;
    nearest_scope = scope.begin;
  }
  return best;
}

std::size_t Values::past_bracket(std::size_t token, std::size_t end) const {
  std::size_t open = 0;
  for (std::size_t i = token; i < end; ++i) {
    const Token& at = document_.tokens[i];
    if (at.is("[") || at.is("(") || at.is("{") || at.is("${")) ++open;
    if ((at.is("]") || at.is(")") || at.is("}")) && --open == 0) return i + 1;
  }
  return end;
}

std::optional<std::string> Values::text(std::size_t begin, std::size_t end) {
  if (end != begin + 1 || !may_go_on()) return std::nullopt;
  const Deeper deeper(depth_);
  const Token& token = document_.tokens[begin];
  if (token.kind == Token::Kind::string) return expanded(token, begin);
  if (token.kind != Token::Kind::word) return std::nullopt;
  const Binding* binding = find(token.text, begin);
  if (binding == nullptr) return std::nullopt;
  return text(binding->begin, binding->end);
}

std::optional<std::vector<std::string>> Values::element(std::size_t token) {
  if (std::optional<std::string> one = text(token, token + 1)) return std::vector<std::string>{*one};
  if (document_.tokens[token].kind != Token::Kind::word || !may_go_on()) return std::nullopt;
  const Deeper deeper(depth_);
  const Binding* binding = find(document_.tokens[token].text, token);
  if (binding == nullptr) return std::nullopt;
  return list(binding->begin, binding->end);
}

std::optional<std::vector<std::string>> Values::list(std::size_t begin, std::size_t end) {
  std::vector<std::string> all;
  const auto add = [&](const std::optional<std::vector<std::string>>& part) {
    if (part) all.insert(all.end(), part->begin(), part->end());
    return part.has_value() && all.size() < kLongest;
  };
  for (std::size_t i = begin; i < end;) {
    if (document_.tokens[i].is("[")) {
      const std::size_t past = past_bracket(i, end);
      for (++i; i + 1 < past; ++i) {
        if (!add(element(i))) return std::nullopt;
      }
      i = past;
    } else {
      if (!add(element(i))) return std::nullopt;
      ++i;
    }
    if (i < end && !document_.tokens[i++].is("++")) return std::nullopt;
  }
  if (begin >= end) return std::nullopt;
  return all;
}

std::string Values::expanded(const Token& token, std::size_t place) {
  std::string text;
  for (const Piece& piece : token.pieces) {
    if (text.size() > kLongest) break;
    if (!piece.interpolated) {
      text += piece.text;
      continue;
    }
    text += interpolated(piece.text, place).value_or("${" + piece.text + "}");
  }
  return text;
}

// "${version}", "${lib.concatStringsSep " " cpuFlags}", "${toString cpuFlags}": the last word says what.
std::optional<std::string> Values::interpolated(const std::string& inside, std::size_t place) {
  if (!may_go_on()) return std::nullopt;
  const Deeper deeper(depth_);
  const Result<Document> parsed = parse(inside);
  if (!parsed || parsed->tokens.empty()) return std::nullopt;
  const std::vector<Token>& tokens = parsed->tokens;
  const bool joins = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.is("concatStringsSep") || token.is("toString");
  });
  if ((tokens.size() > 1 && !joins) || tokens.back().kind != Token::Kind::word) return std::nullopt;
  const Binding* binding = find(tokens.back().text, place);
  if (binding == nullptr) return std::nullopt;
  const auto values = list(binding->begin, binding->end);
  if (!values) return std::nullopt;
  return join(*values, " ");
}

}  // namespace ortforge::nix_text

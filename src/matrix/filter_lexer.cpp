#include "filter_lexer.hpp"

#include <cctype>

namespace ortforge {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_.:*+-/").find(c) != std::string_view::npos;
}

Result<FilterToken> quoted_word(std::string_view text, std::size_t& position) {
  const std::size_t start = position;
  const std::size_t end = text.find(text[start], start + 1);
  if (end == std::string_view::npos)
    return fail(ErrorKind::bad_input, "column {}: the quote is not closed", start + 1);
  position = end + 1;
  return FilterToken{FilterToken::Kind::word, std::string(text.substr(start + 1, end - start - 1)), start + 1,
                     true};
}

FilterToken bare_word(std::string_view text, std::size_t& position) {
  const std::size_t start = position;
  while (position < text.size() && is_word(text[position])) ++position;
  return FilterToken{FilterToken::Kind::word, std::string(text.substr(start, position - start)), start + 1,
                     false};
}

}  // namespace

Result<FilterToken> next_filter_token(std::string_view text, std::size_t& position) {
  using Kind = FilterToken::Kind;
  while (position < text.size() && std::isspace(static_cast<unsigned char>(text[position])) != 0) ++position;
  if (position >= text.size()) return FilterToken{Kind::end, "", text.size() + 1, false};
  const char first = text[position];
  if (is_word(first)) return bare_word(text, position);
  if (first == '"' || first == '\'') return quoted_word(text, position);

  constexpr std::pair<std::string_view, Kind> kOperators[] = {
      {"&&", Kind::both},       {"||", Kind::either},     {"==", Kind::comparison}, {"!=", Kind::comparison},
      {"<=", Kind::comparison}, {">=", Kind::comparison}, {"=~", Kind::comparison}, {"!~", Kind::comparison},
      {"<", Kind::comparison},  {">", Kind::comparison},  {"!", Kind::negate},      {"(", Kind::open},
      {")", Kind::close},
  };
  for (const auto& [spelling, kind] : kOperators) {
    if (text.substr(position, spelling.size()) != spelling) continue;
    const std::size_t start = position;
    position += spelling.size();
    return FilterToken{kind, std::string(spelling), start + 1, false};
  }
  const bool printable = std::isprint(static_cast<unsigned char>(first)) != 0;
  const std::string shown = printable ? fmt::format("'{}'", first)
                                      : fmt::format("byte 0x{:02x}", static_cast<unsigned char>(first));
  const char* hint = first == '='   ? " (write == to compare)"
                     : first == '&' ? " (write &&)"
                     : first == '|' ? " (write ||)"
                                    : "";
  return fail(ErrorKind::bad_input, "column {}: unexpected {}{}", position + 1, shown, hint);
}

}  // namespace ortforge

// The part of the Nix language that hand-kept recipes are read by: words, strings, lists and assignments.
// Nothing is evaluated. Inner header of `matrix`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge::nix_text {

// A stretch of a string: text with its escapes undone, or what stands in "${...}".
struct Piece {
  bool interpolated = false;
  std::string text;
};

struct Token {
  enum class Kind { word, string, symbol };
  Kind kind = Kind::symbol;
  std::string text;           // of a word or symbol; "" for a string
  std::vector<Piece> pieces;  // of a string
  std::size_t line = 0;

  bool is(std::string_view symbol_or_word) const { return kind != Kind::string && text == symbol_or_word; }
};

// "cpuFlags = [ ... ];" as token numbers.
struct Binding {
  std::string name;       // "meta.platforms" where it is written so
  std::size_t begin = 0;  // of the value
  std::size_t end = 0;    // one past it: of the ';'
  std::size_t scope = 0;  // number of the scope it stands in
};

// What names can be seen in: the whole file, a pair of brackets, `let` with what follows its `in`.
struct Scope {
  std::size_t begin = 0;  // its first token
  std::size_t end = 0;    // one past its last
  bool names = false;     // its bindings can be named inside: `let`, `rec`, the file
};

struct Document {
  std::vector<Token> tokens;
  std::vector<Binding> bindings;
  std::vector<Scope> scopes;
  std::string head;  // the comments before the first token, without '#'
};

// Errors: bad_input "line N: ..." for a string, comment or bracket that is not closed, and for brackets that
// are nested deeper than any recipe's.
Result<Document> parse(std::string_view text);

}  // namespace ortforge::nix_text

// Cuts a filter expression into words and operators.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"

namespace ortforge {

struct FilterToken {
  enum class Kind { end, word, comparison, both, either, negate, open, close };
  Kind kind = Kind::end;
  std::string text;        // word: its text without quotes; otherwise as written
  std::size_t column = 1;  // where it begins, counted from 1
  bool quoted = false;
};

// Reads the token that begins at or after `position` and moves `position` behind it. Error: bad_input with
// the column.
Result<FilterToken> next_filter_token(std::string_view text, std::size_t& position);

}  // namespace ortforge

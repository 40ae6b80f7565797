// Filter expressions over the axes of a variant: `sm>=90 && isa=~avx512 && feasible` (docs/filters.md).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// A parsed expression. Fields: name, short_name, product, branch, line, cuda, python, sm, isa, platform,
// accelerator (cpu|cuda), backend, feasible, component. Operators: == != < <= > >= =~ (contains, or a glob
// with *), !~, &&, ||, !, (). `sm` compares as a number; `cuda` and `python` as versions; a bare field is
// true when it is set. An unset field is less, greater and equal to nothing: on CPU variants `sm<90` is false
// and `sm!=90` true.
class Filter {
 public:
  // Error: bad_input with the column and what was expected; an unknown field with the nearest known one.
  static Result<Filter> parse(std::string_view text);

  // An expression every variant passes.
  static Filter everything();

  // Whether a variant passes. `backend` is the backend that `feasible` speaks of; `component` may be empty.
  bool matches(const Variant& variant, std::string_view backend = "cmake",
               std::string_view component = {}) const;

  struct Node;

 private:
  explicit Filter(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;
};

}  // namespace ortforge

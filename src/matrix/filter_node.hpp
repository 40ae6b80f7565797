// The syntax tree of a filter expression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/matrix/filter.hpp"

namespace ortforge {

enum class FilterField {
  name,
  short_name,
  product,
  branch,
  line,
  cuda,
  python,
  sm,
  isa,
  platform,
  accelerator,
  backend,
  feasible,
  component
};

enum class FilterOperator {
  is_set,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  like,
  not_like
};

struct Filter::Node {
  enum class Kind { all, compare, negate, both, either };
  Kind kind = Kind::all;
  FilterField field = FilterField::name;
  FilterOperator comparison = FilterOperator::is_set;
  std::string value;
  int number = 0;  // `value` as a number, for sm
  std::shared_ptr<const Node> left;
  std::shared_ptr<const Node> right;
};

// Names of all fields, in the order of the enumeration.
const std::vector<std::string>& filter_field_names();

}  // namespace ortforge

// Placeholders in matrix values: "@sm@", "@src.onnx@" (docs/matrix.md).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"

namespace ortforge {

using PlaceholderValues = std::map<std::string, std::string>;

// Replaces every "@name@" (letters, digits, '_', '.', '-') by its value; "@@" stands for one "@". `place`
// says in errors where the text stands. Error: bad_input for an unknown placeholder, with the nearest known
// ones.
Result<std::string> expand_placeholders(std::string_view text, const PlaceholderValues& values,
                                        std::string_view place);

}  // namespace ortforge

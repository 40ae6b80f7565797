// What prepare.cmake does: copies, patches, edits and preset stubs.
#pragma once

#include "component_values.hpp"

namespace ortforge::recipe_detail {

// The values of prepare.cmake.mustache for the sources, patches and substitutions that the variant takes.
// Substitutions are numbered as the matrix file lists them, from 0. Error: bad_input for an unknown
// placeholder or filter field.
Result<TemplateValues> prepare_values(const ComponentPlace& place);

}  // namespace ortforge::recipe_detail

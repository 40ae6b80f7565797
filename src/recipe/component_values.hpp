// What one component of one variant may know: only the axes it depends on, so that variants which agree on
// them share it.
#pragma once

#include <string>
#include <vector>

#include "ortforge/matrix/filter.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/recipe/placeholder.hpp"
#include "ortforge/recipe/recipe.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge::recipe_detail {

// One component of the variant that is rendered.
struct ComponentPlace {
  const Matrix& matrix;
  const Product& product;
  const Branch& branch;
  const Line& line;
  const Variant& variant;
  const Component& component;
  const RecipeOptions& options;
};

// The place of the component whose build tree this one works in: itself, or the one it continues.
ComponentPlace tree_place(const ComponentPlace& place);

// The outputs asked for that the variant can have: "lib" and, where the line has a Python, "wheel".
std::vector<std::string> outputs_of(const ComponentPlace& place);

// Whether the component depends on an axis ("isa", "sm", "cuda", "python", "platform", "accelerator").
bool has_axis(const Component& component, std::string_view axis);

// Whether the component's build tree is made by setup.py instead of presets.
bool runs_setup_py(const Component& component);

// "onnxruntime-1.21.0-core-cpu-avx512-python313": product, version, component and the axes it depends on.
std::string scope_of(const ComponentPlace& place);

// The scopes of the same component with the same accelerator: "onnxruntime-1.21.0-core-cpu-*-python*".
std::string siblings_of(const ComponentPlace& place);

// Keeps what is compiled for one instruction set, SM or line from being taken for another
// (RecipeStep::cache_namespace). The accelerator stays out: cores for CPU and GPU have most objects in
// common.
std::string cache_namespace_of(const ComponentPlace& place);

// The placeholders its texts may use. Sources and toolkit are "src/<name>" and "toolkit" after `root_prefix`
// ("" in commands, "${fileDir}/../" in presets).
PlaceholderValues placeholders_of(const ComponentPlace& place, const std::string& root_prefix);

// The same values for templates, with '.' in names as '_', and switches.
TemplateValues template_values_of(const ComponentPlace& place);

// Compiler flags: the ISA's, or the platform's baseline.
std::vector<std::string> flags_of(const ComponentPlace& place);

// What is heavy in the build tree it works in: its own targets, and those of the component it continues,
// which are compiled again where the tree is made anew. No targets and no bytes where nothing is. Error:
// bad_input.
Result<HeavyTargets> heavy_of(const ComponentPlace& place);

// Whether a `when` expression lets something in; empty: always. Error: bad_input, naming `where`.
Result<bool> applies(const std::string& when, const ComponentPlace& place, const std::string& where);

}  // namespace ortforge::recipe_detail

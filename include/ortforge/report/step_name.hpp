// What texts for people call a step.
#pragma once

#include <string>

#include "ortforge/plan/plan.hpp"

namespace ortforge {

// A scope without its product and version: "onnxruntime-1.21.0-core-cpu-avx512-python313" of product
// "onnxruntime" is "core-cpu-avx512-python313". Columns of 80 hold that; JSON and log files have the whole
// scope.
std::string short_scope(const std::string& product, const std::string& scope);

// "core"; "pytorch.core" of a step that the plan's results are only built on, as components name it.
std::string step_name(const Plan& plan, const Step& step);

}  // namespace ortforge

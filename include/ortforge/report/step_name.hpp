// What texts for people call a step.
#pragma once

#include <string>

namespace ortforge {

// A scope without its product and version: "onnxruntime-1.21.0-core-cpu-avx512-python313" of product
// "onnxruntime" is "core-cpu-avx512-python313". Columns of 80 hold that; JSON and log files have the whole
// scope.
std::string short_scope(const std::string& product, const std::string& scope);

}  // namespace ortforge

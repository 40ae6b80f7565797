// Any text as a filter expression: it parses or is an error with words, and every variant passes it or not.
#include <cstdlib>
#include <string_view>

#include "ortforge/matrix/filter.hpp"

namespace {

ortforge::Variant gpu_variant() {
  ortforge::Variant variant;
  variant.name = "onnxruntime-python313-cuda13_0-sm90-avx512";
  variant.short_name = "sm90-avx512";
  variant.product = "onnxruntime";
  variant.branch = "main";
  variant.line = "cuda13_0";
  variant.cuda = "13.0";
  variant.python = "3.13";
  variant.sm = 90;
  variant.isa = "avx512";
  variant.platform = "x86_64-linux";
  variant.backends["cmake"] = {};
  return variant;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const ortforge::Variant on_gpu = gpu_variant();
  static const ortforge::Variant unset;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto filter = ortforge::Filter::parse(text);
  if (!filter) {
    if (filter.error().message.empty()) std::abort();
    return 0;
  }
  for (const ortforge::Variant& variant : {on_gpu, unset}) {
    const bool passes = filter->matches(variant, "cmake", "core");
    // The same expression, negated: the opposite, unless it is too long or too deep then.
    const auto negated = ortforge::Filter::parse("!(" + std::string(text) + ")");
    if (negated && negated->matches(variant, "cmake", "core") == passes) std::abort();
  }
  return 0;
}

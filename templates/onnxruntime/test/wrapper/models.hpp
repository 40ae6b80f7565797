// The test models of ../models with their inputs and expected outputs, as tensors of the wrapper.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cases.hpp"
#include <ort_wrapper.hpp>

extern "C" {
#include "../capi/manifest.h"
}

using Manifest = std::unique_ptr<manifest, decltype(&manifest_free)>;

inline Manifest read_models(const std::string& folder) {
  Manifest models(manifest_read(folder.c_str()), manifest_free);
  REQUIRE(models != nullptr);
  return models;
}

inline const model& model_named(const Manifest& models, const char* name) {
  for (std::size_t m = 0; m < models->count; ++m) {
    if (std::strcmp(name, models->models[m].name) == 0) return models->models[m];
  }
  std::printf("FAIL models.txt names no model %s\n", name);
  std::exit(1);
}

inline ONNXTensorElementDataType element_type_of(const tensor& values) {
  switch (values.type) {
    case VALUE_F32:
      return ort_wrapper::element_type<float>();
    case VALUE_U8:
      return ort_wrapper::element_type<std::uint8_t>();
    case VALUE_I32:
      return ort_wrapper::element_type<std::int32_t>();
  }
  std::abort();
}

inline ort_wrapper::Tensors inputs_of(const model& one) {
  ort_wrapper::Tensors inputs;
  for (std::size_t i = 0; i < one.input_count; ++i) {
    const tensor& input = one.inputs[i];
    const auto made = ort_wrapper::Tensor::of_bytes(element_type_of(input),
                                                    ort_wrapper::Shape(input.shape, input.shape + input.rank),
                                                    input.values, input.count * value_size(input.type));
    REQUIRE_OK(made);
    inputs.emplace(input.name, *made);
  }
  return inputs;
}

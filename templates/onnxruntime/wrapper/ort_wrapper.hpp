// A small C++17 wrapper of ONNX Runtime for applications: header-only, over the C API.
//
//   auto session = ort_wrapper::SessionBuilder().threads(4).from_file("model.onnx");
//   if (!session) return report(session.error().message);
//   auto image = ort_wrapper::Tensor::of<float>({1, 3, 224, 224}, pixels);
//   if (!image) return report(image.error().message);
//   auto outputs = session->infer({{"image", *image}});
//   if (!outputs) return report(outputs.error().message);
//   for (const auto& [name, tensor] : *outputs) use(name, tensor.values<float>());
//
// Errors are values (Result); nothing here throws or catches, so it compiles with -fno-exceptions and
// ORT_NO_EXCEPTIONS too, where running out of memory ends the program. Every handle is released by its owner.
#pragma once

#include "ort_wrapper/result.hpp"
#include "ort_wrapper/runtime.hpp"
#include "ort_wrapper/session.hpp"
#include "ort_wrapper/session_builder.hpp"
#include "ort_wrapper/tensor.hpp"

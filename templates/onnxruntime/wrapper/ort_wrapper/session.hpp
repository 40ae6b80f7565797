// Sessions: a model that is loaded, run as often as wanted.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tensor.hpp"

namespace ort_wrapper {

// An input or output of a model as the model declares it.
struct TensorInfo {
  std::string name;
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;  // so for what is no tensor
  Shape shape;  // -1 for lengths that the model leaves open
};

// A loaded model. Made by a SessionBuilder; may be moved, not copied.
class Session {
 public:
  const std::vector<TensorInfo>& inputs() const { return inputs_; }
  const std::vector<TensorInfo>& outputs() const { return outputs_; }

  // The provider that was asked for first and is in use: "CUDAExecutionProvider" or "CPUExecutionProvider".
  // Operators that CUDA has no kernel for run on the CPU all the same.
  const std::string& provider() const { return provider_; }

  // Why a session that should use CUDA if available does not.
  const std::optional<Error>& cuda_error() const { return cuda_error_; }

  // Runs the model once on these inputs and gives all outputs. Threads may call it on one session at the same
  // time. Errors: ONNX Runtime's, such as ORT_INVALID_ARGUMENT for an input that is missing, unknown, or of
  // another type or shape; ORT_NOT_IMPLEMENTED for an output that is no tensor of numbers.
  Result<Tensors> infer(const Tensors& inputs) const {
    std::vector<std::string> names;
    for (const TensorInfo& output : outputs_) names.push_back(output.name);
    return infer(inputs, names);
  }

  // The same for the outputs of these names only; what is not needed for them is not computed.
  Result<Tensors> infer(const Tensors& inputs, const std::vector<std::string>& outputs) const {
    const OrtApi& ort = environment_.api();
    // ONNX Runtime itself notices only when an operator wants the value.
    for (const TensorInfo& input : inputs_) {
      const bool optional = input.type == ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
      if (!optional && inputs.find(input.name) == inputs.end())
        return Error{ORT_INVALID_ARGUMENT, "input '" + input.name + "' is missing"};
    }
    std::vector<const char*> input_names;
    std::vector<const OrtValue*> input_values;
    for (const auto& [name, tensor] : inputs) {
      input_names.push_back(name.c_str());
      input_values.push_back(tensor.handle());
    }
    std::vector<const char*> output_names;
    for (const std::string& name : outputs) output_names.push_back(name.c_str());
    std::vector<OrtValue*> values(outputs.size(), nullptr);
    const auto failed = detail::failure(
        ort, ort.Run(handle_.get(), nullptr, input_names.data(), input_values.data(), input_values.size(),
                     output_names.data(), output_names.size(), values.data()));
    // Each value gets its owner before the first error is returned.
    Tensors tensors;
    std::optional<Error> error = failed;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == nullptr) continue;
      Result<Tensor> tensor = Tensor::adopt(values[i]);
      if (tensor) {
        tensors.emplace(outputs[i], *std::move(tensor));
      } else if (!error) {
        error = Error{tensor.error().code, "output '" + outputs[i] + "': " + tensor.error().message};
      }
    }
    if (error) return *std::move(error);
    return tensors;
  }

  // For calls of the C API beside the wrapper.
  OrtSession* handle() const { return handle_.get(); }
  const Environment& environment() const { return environment_; }

 private:
  friend class SessionBuilder;
  Session(Environment environment, detail::SessionHandle handle, std::string provider)
      : environment_(std::move(environment)), handle_(std::move(handle)), provider_(std::move(provider)) {}

  // Reads names, types and shapes of all inputs, or of all outputs, with the functions for them.
  template <class Count, class Name, class Type>
  std::optional<Error> describe(Count count_of, Name name_of, Type type_of,
                                std::vector<TensorInfo>& infos) const {
    const OrtApi& ort = environment_.api();
    OrtAllocator* allocator = nullptr;
    if (auto error = detail::failure(ort, ort.GetAllocatorWithDefaultOptions(&allocator))) return error;
    std::size_t count = 0;
    if (auto error = detail::failure(ort, count_of(handle_.get(), &count))) return error;
    for (std::size_t i = 0; i < count; ++i) {
      TensorInfo& info = infos.emplace_back();
      char* name = nullptr;
      if (auto error = detail::failure(ort, name_of(handle_.get(), i, allocator, &name))) return error;
      info.name = name;
      if (auto error = detail::failure(ort, ort.AllocatorFree(allocator, name))) return error;
      OrtTypeInfo* type = nullptr;
      if (auto error = detail::failure(ort, type_of(handle_.get(), i, &type))) return error;
      const detail::TypeInfoHandle owner(type, {&ort});
      if (auto error = describe_type(type, info)) return error;
    }
    return std::nullopt;
  }

  std::optional<Error> describe_type(const OrtTypeInfo* type, TensorInfo& info) const {
    const OrtApi& ort = environment_.api();
    const OrtTensorTypeAndShapeInfo* form = nullptr;  // belongs to `type`
    if (auto error = detail::failure(ort, ort.CastTypeInfoToTensorInfo(type, &form))) return error;
    if (form == nullptr) return std::nullopt;
    std::size_t rank = 0;
    if (auto error = detail::failure(ort, ort.GetTensorElementType(form, &info.type))) return error;
    if (auto error = detail::failure(ort, ort.GetDimensionsCount(form, &rank))) return error;
    info.shape.resize(rank);
    return detail::failure(ort, ort.GetDimensions(form, info.shape.data(), rank));
  }

  Environment environment_;  // goes after the session
  detail::SessionHandle handle_;
  std::vector<TensorInfo> inputs_;
  std::vector<TensorInfo> outputs_;
  std::string provider_;
  std::optional<Error> cuda_error_;
};

}  // namespace ort_wrapper

// Tensors of numbers in the memory of the CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime.hpp"

namespace ort_wrapper {

// Lengths of the axes; none for a scalar.
using Shape = std::vector<std::int64_t>;

// ONNX's type for a type of C++.
template <class T>
constexpr ONNXTensorElementDataType element_type() {
  if constexpr (std::is_same_v<T, float>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
  else if constexpr (std::is_same_v<T, double>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE;
  else if constexpr (std::is_same_v<T, bool>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64;
  else
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

// Bytes of one element; 0 for types that are not numbers of whole bytes.
constexpr std::size_t element_size(ONNXTensorElementDataType type) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
      return 1;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16:
      return 2;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
      return 4;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
      return 8;
    default:
      return 0;
  }
}

// Numbers of one type in row-major order. Copies share the same numbers, which cannot be changed through a
// Tensor, and may be used in several threads at once.
class Tensor {
 public:
  // A tensor that holds a copy of `values`, as many as the shape says. Error: ORT_INVALID_ARGUMENT.
  template <class T>
  static Result<Tensor> of(const Shape& shape, const std::vector<T>& values) {
    return of(shape, values.data(), values.size());
  }
  template <class T>
  static Result<Tensor> of(const Shape& shape, const T* values, std::size_t count) {
    static_assert(element_type<T>() != ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, "no element type of ONNX");
    return of_bytes(element_type<T>(), shape, values, count * sizeof(T));
  }

  // The same for values that C++ has no type for, such as 16-bit floating point, as `size` bytes. Error:
  // ORT_INVALID_ARGUMENT.
  static Result<Tensor> of_bytes(ONNXTensorElementDataType type, const Shape& shape, const void* bytes,
                                 std::size_t size) {
    if (auto error = mismatch(type, shape, size)) return *std::move(error);
    const Result<const OrtApi*> functions = api();
    if (!functions) return functions.error();
    const OrtApi& ort = **functions;
    OrtAllocator* allocator = nullptr;
    if (auto error = detail::failure(ort, ort.GetAllocatorWithDefaultOptions(&allocator)))
      return *std::move(error);
    OrtValue* value = nullptr;
    if (auto error = detail::failure(
            ort, ort.CreateTensorAsOrtValue(allocator, shape.data(), shape.size(), type, &value)))
      return *std::move(error);
    Result<Tensor> tensor = adopt(value);
    if (tensor && size > 0) std::memcpy(const_cast<void*>(tensor->bytes_), bytes, size);
    return tensor;
  }

  // A tensor of values that stay where they are: they have to outlive it and all its copies unchanged. Error:
  // ORT_INVALID_ARGUMENT.
  template <class T>
  static Result<Tensor> borrow(const Shape& shape, const T* values, std::size_t count) {
    static_assert(element_type<T>() != ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, "no element type of ONNX");
    const std::size_t size = count * sizeof(T);
    if (auto error = mismatch(element_type<T>(), shape, size)) return *std::move(error);
    const Result<const OrtApi*> functions = api();
    if (!functions) return functions.error();
    const OrtApi& ort = **functions;
    OrtMemoryInfo* cpu = nullptr;
    if (auto error =
            detail::failure(ort, ort.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &cpu)))
      return *std::move(error);
    const detail::MemoryInfoHandle memory(cpu, {&ort});
    OrtValue* value = nullptr;
    if (auto error = detail::failure(
            ort, ort.CreateTensorWithDataAsOrtValue(cpu, const_cast<T*>(values), size, shape.data(),
                                                    shape.size(), element_type<T>(), &value)))
      return *std::move(error);
    return adopt(value);
  }

  // Takes over a value that the C API gave, and releases it also in case of an error. Error:
  // ORT_NOT_IMPLEMENTED when it is no tensor, or one of strings.
  static Result<Tensor> adopt(OrtValue* value) {
    const Result<const OrtApi*> functions = api();
    if (!functions) return functions.error();
    const OrtApi& ort = **functions;
    Tensor tensor;
    tensor.value_ =
        std::shared_ptr<OrtValue>(value, [release = ort.ReleaseValue](OrtValue* one) { release(one); });
    ONNXType kind = ONNX_TYPE_UNKNOWN;
    if (auto error = detail::failure(ort, ort.GetValueType(value, &kind))) return *std::move(error);
    if (kind != ONNX_TYPE_TENSOR) return Error{ORT_NOT_IMPLEMENTED, "the value is no tensor"};
    OrtTensorTypeAndShapeInfo* form = nullptr;
    if (auto error = detail::failure(ort, ort.GetTensorTypeAndShape(value, &form))) return *std::move(error);
    const detail::ShapeHandle owner(form, {&ort});
    std::size_t rank = 0;
    if (auto error = detail::failure(ort, ort.GetTensorElementType(form, &tensor.type_)))
      return *std::move(error);
    if (auto error = detail::failure(ort, ort.GetTensorShapeElementCount(form, &tensor.size_)))
      return *std::move(error);
    if (auto error = detail::failure(ort, ort.GetDimensionsCount(form, &rank))) return *std::move(error);
    tensor.shape_.resize(rank);
    if (auto error = detail::failure(ort, ort.GetDimensions(form, tensor.shape_.data(), rank)))
      return *std::move(error);
    if (element_size(tensor.type_) == 0)
      return Error{ORT_NOT_IMPLEMENTED, "tensors of element type " + std::to_string(tensor.type_) +
                                            " (ONNXTensorElementDataType) are not supported"};
    void* bytes = nullptr;
    if (auto error = detail::failure(ort, ort.GetTensorMutableData(value, &bytes))) return *std::move(error);
    tensor.bytes_ = bytes;
    return tensor;
  }

  const Shape& shape() const { return shape_; }
  ONNXTensorElementDataType type() const { return type_; }

  // How many elements there are.
  std::size_t size() const { return size_; }

  // The values as they lie in memory, size() * element_size(type()) bytes.
  const void* bytes() const { return bytes_; }

  // The values, as long as the tensor or a copy lives. Error: ORT_INVALID_ARGUMENT when T is not their type.
  template <class T>
  Result<const T*> data() const {
    static_assert(element_type<T>() != ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, "no element type of ONNX");
    if (element_type<T>() != type_)
      return Error{ORT_INVALID_ARGUMENT, "the tensor holds element type " + std::to_string(type_) + ", not " +
                                             std::to_string(element_type<T>()) +
                                             " (ONNXTensorElementDataType)"};
    return static_cast<const T*>(bytes_);
  }

  // A copy of the values. Error: as data().
  template <class T>
  Result<std::vector<T>> values() const {
    const Result<const T*> from = data<T>();
    if (!from) return from.error();
    return std::vector<T>(*from, *from + size_);
  }

  // For calls of the C API beside the wrapper.
  const OrtValue* handle() const { return value_.get(); }

 private:
  Tensor() = default;

  // What is wrong with `size` bytes for a tensor of this type and shape, if anything is.
  static std::optional<Error> mismatch(ONNXTensorElementDataType type, const Shape& shape, std::size_t size) {
    std::size_t expected = element_size(type);
    if (expected == 0)
      return Error{ORT_INVALID_ARGUMENT, "no tensor of numbers: element type " + std::to_string(type) +
                                             " (ONNXTensorElementDataType)"};
    std::string text;
    for (const std::int64_t length : shape) {
      text += (text.empty() ? "" : ", ") + std::to_string(length);
      if (length < 0)
        return Error{ORT_INVALID_ARGUMENT, "no length of a tensor is " + std::to_string(length)};
      const auto factor = static_cast<std::uint64_t>(length);
      if (expected != 0 && factor > std::numeric_limits<std::size_t>::max() / expected)
        return Error{ORT_INVALID_ARGUMENT, "no memory holds a tensor with lengths " + text};
      expected *= static_cast<std::size_t>(factor);
    }
    if (size == expected) return std::nullopt;
    return Error{ORT_INVALID_ARGUMENT, "a tensor of shape {" + text + "} takes " + std::to_string(expected) +
                                           " bytes, the values given are " + std::to_string(size)};
  }

  std::shared_ptr<OrtValue> value_;
  const void* bytes_ = nullptr;
  ONNXTensorElementDataType type_ = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  Shape shape_;
  std::size_t size_ = 0;
};

// Tensors by the names that a model gives its inputs and outputs.
using Tensors = std::map<std::string, Tensor, std::less<>>;

// The tensor of that name. Error: ORT_INVALID_ARGUMENT, with the names that there are.
inline Result<Tensor> tensor_named(const Tensors& tensors, std::string_view name) {
  if (const auto found = tensors.find(name); found != tensors.end()) return found->second;
  std::string names;
  for (const auto& [other, tensor] : tensors) names += (names.empty() ? "" : ", ") + other;
  return Error{ORT_INVALID_ARGUMENT, "no tensor is named '" + std::string(name) + "': there are " +
                                         (names.empty() ? "none" : names)};
}

}  // namespace ort_wrapper

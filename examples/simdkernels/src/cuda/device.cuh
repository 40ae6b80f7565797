#pragma once

#include <cstddef>

#include "provider.h"
#include <cuda_runtime_api.h>

namespace simdkernels::cuda {

// Writes a printf-style text into message, shortened to its size.
void write_message(sk_message* message, const char* format, ...);

// SK_OK for cudaSuccess; otherwise SK_OUT_OF_MEMORY or SK_DEVICE_FAILED, with "what: CUDA's name and text"
// in why.
sk_status status_of(cudaError_t error, const char* what, sk_message* why);

// Memory on the current device that grows when asked for more and is freed with its owner.
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  DeviceBuffer(const DeviceBuffer&) = delete;
  DeviceBuffer& operator=(const DeviceBuffer&) = delete;
  ~DeviceBuffer() { cudaFree(data_); }

  // Makes at least size bytes available; what was in them is lost.
  cudaError_t reserve(std::size_t size);
  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

// What an opened provider keeps: its device and the buffers for operands.
struct State {
  int device = 0;
  char name[288] = {};
  DeviceBuffer a, b, c;
};

// Makes the state's device current for a scope and puts the caller's device back afterwards.
class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    error_ = cudaGetDevice(&before_);
    if (error_ == cudaSuccess && before_ != device) error_ = cudaSetDevice(device);
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;
  ~DeviceScope() {
    if (error_ == cudaSuccess) cudaSetDevice(before_);
  }
  cudaError_t error() const { return error_; }

 private:
  int before_ = 0;
  cudaError_t error_ = cudaSuccess;
};

// Opens the calling thread's current device. Errors: SK_NO_DEVICE without a driver, with a driver older than
// this CUDA runtime, or without a device; SK_UNSUPPORTED_DEVICE if this library holds no code for it.
sk_status open_device(void** state, sk_message* why);
void close_device(void* state);
const char* device_name(const void* state);

}  // namespace simdkernels::cuda

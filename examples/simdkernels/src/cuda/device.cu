#include <cstdarg>
#include <cstdio>
#include <new>

#include "device.cuh"

namespace simdkernels::cuda {
namespace {

// Its only use is to be asked for: the runtime finds code for it on the device, or says that there is none.
__global__ void probe(int* out) {
  if (out != nullptr) *out = 1;
}

// Virtual architectures this library was compiled for, as nvcc lists them: 900 stands for sm_90.
constexpr int kArchitectures[] = {__CUDA_ARCH_LIST__};

// "sm80, sm90"
void list_architectures(char* text, std::size_t size) {
  std::size_t used = 0;
  text[0] = '\0';
  for (const int architecture : kArchitectures) {
    const int wrote =
        std::snprintf(text + used, size - used, "%ssm%d", used == 0 ? "" : ", ", architecture / 10);
    if (wrote < 0 || used + static_cast<std::size_t>(wrote) >= size) return;
    used += static_cast<std::size_t>(wrote);
  }
}

// Why there is no device: no driver, one too old for this runtime, or nothing to drive.
sk_status explain_no_device(cudaError_t error, sk_message* why) {
  int driver = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess) driver = 0;
  if (driver == 0) {
    write_message(why, "provider \"cuda\": no CUDA driver (libcuda.so.1) on this machine");
  } else if (error == cudaErrorInsufficientDriver) {
    write_message(
        why, "provider \"cuda\": the driver supports CUDA %d.%d, this provider was built with CUDA %d.%d",
        driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
  } else if (error == cudaErrorNoDevice || error == cudaSuccess) {
    write_message(why, "provider \"cuda\": no CUDA device is visible (driver for CUDA %d.%d found)",
                  driver / 1000, driver % 1000 / 10);
  } else {
    write_message(why, "provider \"cuda\": no usable device: %s: %s", cudaGetErrorName(error),
                  cudaGetErrorString(error));
  }
  return SK_NO_DEVICE;
}

// Fills in the current device's number and name and makes sure that there is code for it.
sk_status describe_device(State& state, sk_message* why) {
  cudaError_t error = cudaGetDevice(&state.device);
  if (error != cudaSuccess) return status_of(error, "cudaGetDevice", why);
  cudaDeviceProp properties{};
  error = cudaGetDeviceProperties(&properties, state.device);
  if (error != cudaSuccess) return status_of(error, "cudaGetDeviceProperties", why);
  std::snprintf(state.name, sizeof state.name, "%s (sm_%d%d)", properties.name, properties.major,
                properties.minor);

  cudaFuncAttributes attributes{};
  error = cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(&probe));
  if (error == cudaErrorNoKernelImageForDevice || error == cudaErrorInvalidDeviceFunction ||
      error == cudaErrorUnsupportedPtxVersion) {
    static_cast<void>(cudaGetLastError());
    char held[128];
    list_architectures(held, sizeof held);
    write_message(why, "provider \"cuda\": built for %s, this is sm%d%d, no PTX (%s)", held, properties.major,
                  properties.minor, properties.name);
    return SK_UNSUPPORTED_DEVICE;
  }
  return status_of(error, "looking for code for this device", why);
}

}  // namespace

void write_message(sk_message* message, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message->text, message->size, format, arguments);
  va_end(arguments);
}

sk_status status_of(cudaError_t error, const char* what, sk_message* why) {
  if (error == cudaSuccess) return SK_OK;
  static_cast<void>(cudaGetLastError());  // the error is reported here, not by the next call
  write_message(why, "provider \"cuda\": %s: %s: %s", what, cudaGetErrorName(error),
                cudaGetErrorString(error));
  return error == cudaErrorMemoryAllocation ? SK_OUT_OF_MEMORY : SK_DEVICE_FAILED;
}

cudaError_t DeviceBuffer::reserve(std::size_t size) {
  if (size <= size_) return cudaSuccess;
  cudaFree(data_);
  data_ = nullptr;
  size_ = 0;
  const cudaError_t error = cudaMalloc(&data_, size);
  if (error == cudaSuccess) size_ = size;
  return error;
}

sk_status open_device(void** state, sk_message* why) {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess || count == 0) {
    static_cast<void>(cudaGetLastError());
    return explain_no_device(error, why);
  }
  State* const opened = new (std::nothrow) State;
  if (opened == nullptr) {
    write_message(why, "provider \"cuda\": out of memory");
    return SK_OUT_OF_MEMORY;
  }
  const sk_status status = describe_device(*opened, why);
  if (status != SK_OK) {
    delete opened;
    return status;
  }
  *state = opened;
  return SK_OK;
}

void close_device(void* state) {
  auto* const opened = static_cast<State*>(state);
  const DeviceScope scope(opened->device);
  delete opened;
}

const char* device_name(const void* state) {
  return static_cast<const State*>(state)->name;
}

}  // namespace simdkernels::cuda

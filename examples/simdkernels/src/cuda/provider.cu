#include "device.cuh"
#include "operations.cuh"
#include "provider.h"

namespace {

constexpr sk_provider_table kCuda{
    SK_PROVIDER_ABI,
    SIMDKERNELS_VERSION,
    "cuda",
    simdkernels::cuda::open_device,
    simdkernels::cuda::close_device,
    simdkernels::cuda::device_name,
    simdkernels::cuda::gemm_f32,
    simdkernels::cuda::gemm_bf16,
    simdkernels::cuda::dot_u8s8,
    simdkernels::cuda::softmax_f32,
};

}  // namespace

// The one function this library exports; the core looks it up as SK_PROVIDER_SYMBOL.
extern "C" SK_API const sk_provider_table* sk_provider_v1() {
  return &kCuda;
}

#include "operations.cuh"
#include "transfer.cuh"
#include <math_constants.h>

namespace simdkernels::cuda {
namespace {

constexpr int kThreads = 256;  // one block per row
constexpr int kWarps = kThreads / 32;

struct Largest {
  __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

struct Sum {
  __device__ float operator()(float a, float b) const { return a + b; }
};

// Combines one value of every thread of the block; every thread gets the result. scratch holds kWarps
// elements and is free again after the call.
template <class Combine>
__device__ float combine_block(float value, float* scratch, Combine combine) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value = combine(value, __shfl_xor_sync(0xFFFFFFFFU, value, distance));
  }
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
  __syncthreads();
  float result = scratch[0];
  for (int warp = 1; warp < kWarps; ++warp) result = combine(result, scratch[warp]);
  __syncthreads();
  return result;
}

// x and y may be the same matrix.
__global__ void __launch_bounds__(kThreads) softmax(const float* x, float* y, std::int64_t cols) {
  __shared__ float scratch[kWarps];
  const float* const from = x + static_cast<std::int64_t>(blockIdx.x) * cols;
  float* const to = y + static_cast<std::int64_t>(blockIdx.x) * cols;

  float largest = -CUDART_INF_F;
  for (std::int64_t j = threadIdx.x; j < cols; j += kThreads) largest = fmaxf(largest, from[j]);
  largest = combine_block(largest, scratch, Largest{});

  float sum = 0.0F;
  for (std::int64_t j = threadIdx.x; j < cols; j += kThreads) sum += expf(from[j] - largest);
  sum = combine_block(sum, scratch, Sum{});

  const float scale = 1.0F / sum;
  for (std::int64_t j = threadIdx.x; j < cols; j += kThreads) to[j] = expf(from[j] - largest) * scale;
}

}  // namespace

sk_status softmax_f32(void* opaque, const sk_rows* rows, sk_message* why) {
  State& state = *static_cast<State*>(opaque);
  const DeviceScope scope(state.device);
  const HostMatrix x{rows->x, rows->rows, rows->cols, rows->ldx, sizeof(float)};
  const HostMatrix y{rows->y, rows->rows, rows->cols, rows->ldy, sizeof(float)};

  sk_status status = status_of(scope.error(), "choosing the device", why);
  if (status == SK_OK) status = status_of(copy_in(x, state.a), "copying x to the device", why);
  if (status != SK_OK) return status;

  auto* const values = static_cast<float*>(state.a.data());
  softmax<<<static_cast<unsigned int>(rows->rows), kThreads>>>(values, values, rows->cols);
  status = status_of(cudaGetLastError(), "starting the kernel", why);
  if (status != SK_OK) return status;
  return status_of(copy_out(state.a, y, rows->y), "computing y and copying it back", why);
}

}  // namespace simdkernels::cuda

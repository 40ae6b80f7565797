#include "operations.cuh"
#include "tiles.cuh"
#include "transfer.cuh"

namespace simdkernels::cuda {
namespace {

constexpr int kSide = 16;             // threads per block: 16 x 16
constexpr int kEach = kTile / kSide;  // every thread computes 4 x 4 elements, 16 apart
constexpr int kDepth = 16;            // elements of k in shared memory at a time

__global__ void __launch_bounds__(kSide* kSide)
    multiply(const float* a, const float* b, float* c, std::int64_t m, std::int64_t n, std::int64_t k) {
  __shared__ float a_tile[kDepth]
                         [kTile + 1];  // transposed; the extra column spreads the writes over the banks
  __shared__ float b_tile[kDepth][kTile];
  const TileOrigin origin = tile_origin(n);
  const int thread = static_cast<int>(threadIdx.x);
  const int x = thread % kSide;
  const int y = thread / kSide;
  float sums[kEach][kEach] = {};

  for (std::int64_t from = 0; from < k; from += kDepth) {
    for (int at = thread; at < kTile * kDepth; at += kSide * kSide) {
      const int row = at / kDepth;
      const int depth = at % kDepth;
      a_tile[depth][row] = element_or_zero(a, m, k, origin.row + row, from + depth);
    }
    for (int at = thread; at < kTile * kDepth; at += kSide * kSide) {
      const int depth = at / kTile;
      const int col = at % kTile;
      b_tile[depth][col] = element_or_zero(b, k, n, from + depth, origin.col + col);
    }
    __syncthreads();
#pragma unroll
    for (int depth = 0; depth < kDepth; ++depth) {
#pragma unroll
      for (int i = 0; i < kEach; ++i) {
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
          sums[i][j] = fmaf(a_tile[depth][y + i * kSide], b_tile[depth][x + j * kSide], sums[i][j]);
        }
      }
    }
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < kEach; ++i) {
#pragma unroll
    for (int j = 0; j < kEach; ++j) {
      const std::int64_t row = origin.row + y + i * kSide;
      const std::int64_t col = origin.col + x + j * kSide;
      if (row < m && col < n) c[row * n + col] = sums[i][j];
    }
  }
}

}  // namespace

sk_status gemm_f32(void* state, const sk_product* product, sk_message* why) {
  return run_product<float, float, float>(
      state, *product, false, why,
      [](const float* a, const float* b, float* c, std::int64_t m, std::int64_t n, std::int64_t k) {
        multiply<<<block_count(m, n), kSide * kSide>>>(a, b, c, m, n, k);
      });
}

}  // namespace simdkernels::cuda

#include "operations.cuh"
#include "tiles.cuh"
#include "transfer.cuh"
#include <cuda_bf16.h>
#include <mma.h>

namespace simdkernels::cuda {
namespace {

constexpr int kThreads = 128;  // four warps; each computes 32 x 32 elements of the 64 x 64 tile
constexpr int kDepth = 32;     // elements of k in shared memory at a time

// Row lengths in shared memory. The fragments of tensor cores want rows that are multiples of 16 bytes and
// start on 32 bytes; the padding spreads rows over the banks.
constexpr int kInputRow = kDepth + 8;
constexpr int kResultRow = kTile + 4;

struct Shared {
  alignas(32) std::uint16_t a[kTile * kInputRow];
  alignas(32) std::uint16_t b[kTile * kInputRow];
  alignas(32) float c[kTile * kResultRow];
};

__device__ void load_rows(const std::uint16_t* matrix, std::int64_t rows, std::int64_t k, std::int64_t row,
                          std::int64_t from, std::uint16_t* to) {
  for (int at = static_cast<int>(threadIdx.x); at < kTile * kDepth; at += kThreads) {
    to[at / kDepth * kInputRow + at % kDepth] =
        element_or_zero(matrix, rows, k, row + at / kDepth, from + at % kDepth);
  }
}

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800

// Tensor cores, from compute capability 8.0 on.
class WarpTile {
 public:
  __device__ WarpTile() {
    const int warp = static_cast<int>(threadIdx.x) / 32;
    row_ = warp / 2 * 32;
    col_ = warp % 2 * 32;
    for (auto& row : sums_) {
      for (auto& sum : row) nvcuda::wmma::fill_fragment(sum, 0.0F);
    }
  }

  __device__ void add(const Shared& shared) {
    const auto* const a = reinterpret_cast<const __nv_bfloat16*>(shared.a);
    const auto* const b = reinterpret_cast<const __nv_bfloat16*>(shared.b);
#pragma unroll
    for (int depth = 0; depth < kDepth; depth += 16) {
      FragmentA rows[2];
      FragmentB cols[2];
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        nvcuda::wmma::load_matrix_sync(rows[i], a + (row_ + 16 * i) * kInputRow + depth, kInputRow);
        nvcuda::wmma::load_matrix_sync(cols[i], b + (col_ + 16 * i) * kInputRow + depth, kInputRow);
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
#pragma unroll
        for (int j = 0; j < 2; ++j) nvcuda::wmma::mma_sync(sums_[i][j], rows[i], cols[j], sums_[i][j]);
      }
    }
  }

  __device__ void store(Shared& shared) const {
#pragma unroll
    for (int i = 0; i < 2; ++i) {
#pragma unroll
      for (int j = 0; j < 2; ++j) {
        nvcuda::wmma::store_matrix_sync(shared.c + (row_ + 16 * i) * kResultRow + col_ + 16 * j, sums_[i][j],
                                        kResultRow, nvcuda::wmma::mem_row_major);
      }
    }
  }

 private:
  using FragmentA =
      nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, 16, __nv_bfloat16, nvcuda::wmma::row_major>;
  using FragmentB =
      nvcuda::wmma::fragment<nvcuda::wmma::matrix_b, 16, 16, 16, __nv_bfloat16, nvcuda::wmma::col_major>;
  using FragmentC = nvcuda::wmma::fragment<nvcuda::wmma::accumulator, 16, 16, 16, float>;
  int row_, col_;
  FragmentC sums_[2][2];
};

#else

// Without bf16 tensor cores: every thread computes half a column of the tile in binary32.
class WarpTile {
 public:
  __device__ void add(const Shared& shared) {
    for (int depth = 0; depth < kDepth; ++depth) {
      const float b = widen(shared.b[col() * kInputRow + depth]);
#pragma unroll
      for (int i = 0; i < kRows; ++i) {
        sums_[i] = fmaf(widen(shared.a[(first_row() + i) * kInputRow + depth]), b, sums_[i]);
      }
    }
  }

  __device__ void store(Shared& shared) const {
#pragma unroll
    for (int i = 0; i < kRows; ++i) shared.c[(first_row() + i) * kResultRow + col()] = sums_[i];
  }

 private:
  static constexpr int kRows = kTile * kTile / kThreads;
  __device__ static int col() {
    return static_cast<int>(threadIdx.x) % kTile;
  }
  __device__ static int first_row() {
    return static_cast<int>(threadIdx.x) / kTile * kRows;
  }
  __device__ static float widen(std::uint16_t x) {
    return __uint_as_float(static_cast<unsigned int>(x) << 16);
  }
  float sums_[kRows] = {};
};

#endif

__global__ void __launch_bounds__(kThreads) multiply(const std::uint16_t* a, const std::uint16_t* b, float* c,
                                                     std::int64_t m, std::int64_t n, std::int64_t k) {
  __shared__ Shared shared;
  const TileOrigin origin = tile_origin(n);
  WarpTile sums;
  for (std::int64_t from = 0; from < k; from += kDepth) {
    load_rows(a, m, k, origin.row, from, shared.a);
    load_rows(b, n, k, origin.col, from, shared.b);
    __syncthreads();
    sums.add(shared);
    __syncthreads();
  }
  sums.store(shared);
  __syncthreads();
  for (int at = static_cast<int>(threadIdx.x); at < kTile * kTile; at += kThreads) {
    const std::int64_t row = origin.row + at / kTile;
    const std::int64_t col = origin.col + at % kTile;
    if (row < m && col < n) c[row * n + col] = shared.c[at / kTile * kResultRow + at % kTile];
  }
}

}  // namespace

sk_status gemm_bf16(void* state, const sk_product* product, sk_message* why) {
  return run_product<std::uint16_t, std::uint16_t, float>(
      state, *product, true, why,
      [](const std::uint16_t* a, const std::uint16_t* b, float* c, std::int64_t m, std::int64_t n,
         std::int64_t k) { multiply<<<block_count(m, n), kThreads>>>(a, b, c, m, n, k); });
}

}  // namespace simdkernels::cuda

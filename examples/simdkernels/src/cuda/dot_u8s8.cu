#include "operations.cuh"
#include "tiles.cuh"
#include "transfer.cuh"

namespace simdkernels::cuda {
namespace {

constexpr int kSide = 16;             // threads per block: 16 x 16
constexpr int kEach = kTile / kSide;  // every thread computes 4 x 4 elements, 16 apart
constexpr int kWords = 8;             // 32-bit words (four bytes of k each) in shared memory at a time

// sum + the four products of unsigned bytes in a and signed bytes in b. CUDA's __dp4a has no form with
// mixed signs, PTX has one (dp4a, from compute capability 6.1 on).
__device__ inline std::int32_t dot4(std::uint32_t a, std::uint32_t b, std::int32_t sum) {
  std::int32_t result;
  asm("dp4a.u32.s32 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
}

// Four neighbouring bytes of a row as one word, zeros outside the matrix. Rows may start anywhere.
template <class T>
__device__ inline std::uint32_t four_bytes(const T* matrix, std::int64_t rows, std::int64_t k,
                                           std::int64_t row, std::int64_t col) {
  std::uint32_t word = 0;
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const auto byte = static_cast<std::uint8_t>(element_or_zero(matrix, rows, k, row, col + i));
    word |= static_cast<std::uint32_t>(byte) << (8 * i);
  }
  return word;
}

__global__ void __launch_bounds__(kSide* kSide)
    dots(const std::uint8_t* a, const std::int8_t* b, std::int32_t* c, std::int64_t m, std::int64_t n,
         std::int64_t k) {
  __shared__ std::uint32_t a_tile[kTile][kWords + 1];
  __shared__ std::uint32_t b_tile[kTile][kWords + 1];
  const TileOrigin origin = tile_origin(n);
  const int thread = static_cast<int>(threadIdx.x);
  const int x = thread % kSide;
  const int y = thread / kSide;
  std::int32_t sums[kEach][kEach] = {};

  for (std::int64_t from = 0; from < k; from += 4 * kWords) {
    for (int at = thread; at < kTile * kWords; at += kSide * kSide) {
      const int row = at / kWords;
      const int word = at % kWords;
      a_tile[row][word] = four_bytes(a, m, k, origin.row + row, from + 4 * word);
      b_tile[row][word] = four_bytes(b, n, k, origin.col + row, from + 4 * word);
    }
    __syncthreads();
#pragma unroll
    for (int word = 0; word < kWords; ++word) {
#pragma unroll
      for (int i = 0; i < kEach; ++i) {
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
          sums[i][j] = dot4(a_tile[y + i * kSide][word], b_tile[x + j * kSide][word], sums[i][j]);
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

sk_status dot_u8s8(void* state, const sk_product* product, sk_message* why) {
  return run_product<std::uint8_t, std::int8_t, std::int32_t>(
      state, *product, true, why,
      [](const std::uint8_t* a, const std::int8_t* b, std::int32_t* c, std::int64_t m, std::int64_t n,
         std::int64_t k) { dots<<<block_count(m, n), kSide * kSide>>>(a, b, c, m, n, k); });
}

}  // namespace simdkernels::cuda

#pragma once

#include <cstdint>

namespace simdkernels::cuda {

// Blocks of C that one thread block computes, the same for all products.
constexpr int kTile = 64;

inline std::int64_t tiles(std::int64_t size) {
  return (size + kTile - 1) / kTile;
}

// Thread blocks for an m x n matrix, in one dimension because only that one may exceed 65535.
inline unsigned int block_count(std::int64_t m, std::int64_t n) {
  return static_cast<unsigned int>(tiles(m) * tiles(n));
}

// First row and column of C of this thread block.
struct TileOrigin {
  std::int64_t row;
  std::int64_t col;
};

__device__ inline TileOrigin tile_origin(std::int64_t n) {
  const std::int64_t across = (n + kTile - 1) / kTile;
  return {blockIdx.x / across * kTile, blockIdx.x % across * kTile};
}

// Element (row, col) of a dense rows x cols matrix, zero outside it.
template <class T>
__device__ inline T element_or_zero(const T* matrix, std::int64_t rows, std::int64_t cols, std::int64_t row,
                                    std::int64_t col) {
  return row < rows && col < cols ? matrix[row * cols + col] : T{0};
}

}  // namespace simdkernels::cuda

#include "gemm_f32_tile.hpp"

namespace simdkernels {

void gemm_f32_tile(const float* const (&a_rows)[kTileRows], const float* b_panel, std::int64_t depth,
                   float* c, std::int64_t ldc, bool accumulate) {
  Vec::Reg left[kTileRows];
  Vec::Reg right[kTileRows];
#pragma GCC unroll 16
  for (int i = 0; i < kTileRows; ++i) left[i] = right[i] = Vec::zero();

  for (std::int64_t p = 0; p < depth; ++p) {
    const Vec::Reg b_left = Vec::load(b_panel + p * kTileCols);
    const Vec::Reg b_right = Vec::load(b_panel + p * kTileCols + Vec::kWidth);
#pragma GCC unroll 16
    for (int i = 0; i < kTileRows; ++i) {
      const Vec::Reg a = Vec::splat(a_rows[i][p]);
      left[i] = Vec::fma(a, b_left, left[i]);
      right[i] = Vec::fma(a, b_right, right[i]);
    }
  }

#pragma GCC unroll 16
  for (int i = 0; i < kTileRows; ++i) {
    float* const row = c + i * ldc;
    if (accumulate) {
      left[i] = Vec::add(left[i], Vec::load(row));
      right[i] = Vec::add(right[i], Vec::load(row + Vec::kWidth));
    }
    Vec::store(row, left[i]);
    Vec::store(row + Vec::kWidth, right[i]);
  }
}

}  // namespace simdkernels

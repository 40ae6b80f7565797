#include <algorithm>
#include <cstdint>

#include "gemm_f32_tile.hpp"
#include "kernels.hpp"

namespace simdkernels {
namespace {

using std::int64_t;

// Rows of B packed at a time: with 32 columns the panel takes 32 kB and stays in the first-level cache.
constexpr int64_t kDepth = 256;

// Copies depth rows of cols elements into the panel, columns beyond cols as zero.
void pack_panel(const float* b, int64_t ldb, int64_t depth, int64_t cols, float* panel) {
  for (int64_t p = 0; p < depth; ++p) {
    std::copy_n(b + p * ldb, cols, panel + p * kTileCols);
    std::fill(panel + p * kTileCols + cols, panel + (p + 1) * kTileCols, 0.0F);
  }
}

// A tile that reaches beyond C is computed into a buffer of full size; rows that A lacks repeat its last.
void partial_tile(const float* const (&a_rows)[kTileRows], const float* panel, int64_t depth, float* c,
                  int64_t ldc, int64_t rows, int64_t cols, bool accumulate) {
  float tile[kTileRows * kTileCols];
  gemm_f32_tile(a_rows, panel, depth, tile, kTileCols, false);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      const float value = tile[i * kTileCols + j];
      c[i * ldc + j] = accumulate ? c[i * ldc + j] + value : value;
    }
  }
}

// C's columns under one packed panel, for all rows of A.
void multiply_panel(const sk_product& product, int64_t depth_from, int64_t depth, int64_t col, int64_t cols,
                    const float* panel) {
  const auto* const a = static_cast<const float*>(product.a);
  auto* const c = static_cast<float*>(product.c);
  const bool accumulate = depth_from > 0;
  for (int64_t row = 0; row < product.m; row += kTileRows) {
    const int64_t rows = std::min<int64_t>(kTileRows, product.m - row);
    const float* a_rows[kTileRows];
    for (int i = 0; i < kTileRows; ++i) {
      a_rows[i] = a + (row + std::min<int64_t>(i, rows - 1)) * product.lda + depth_from;
    }
    float* const tile = c + row * product.ldc + col;
    if (rows == kTileRows && cols == kTileCols) {
      gemm_f32_tile(a_rows, panel, depth, tile, product.ldc, accumulate);
    } else {
      partial_tile(a_rows, panel, depth, tile, product.ldc, rows, cols, accumulate);
    }
  }
}

}  // namespace

void gemm_f32(const sk_product& product) {
  const auto* const b = static_cast<const float*>(product.b);
  alignas(64) float panel[kDepth * kTileCols];
  int64_t from = 0;
  do {  // once with depth 0 when k is 0, which writes the zeros
    const int64_t depth = std::min(kDepth, product.k - from);
    for (int64_t col = 0; col < product.n; col += kTileCols) {
      const int64_t cols = std::min<int64_t>(kTileCols, product.n - col);
      if (depth > 0) pack_panel(b + from * product.ldb + col, product.ldb, depth, cols, panel);
      multiply_panel(product, from, depth, col, cols, panel);
    }
    from += kDepth;
  } while (from < product.k);
}

}  // namespace simdkernels

#pragma once

#include <cstdint>

#include "vec.hpp"

namespace simdkernels {

// Size of the block of C that stays in registers.
constexpr int kTileRows = Vec::kTileRows;
constexpr int kTileCols = 2 * Vec::kWidth;

// Adds to (or, with accumulate false, writes to) the tile at c the product of kTileRows rows of A, each
// depth elements long, and a packed panel of B: depth rows of kTileCols elements without gaps.
void gemm_f32_tile(const float* const (&a_rows)[kTileRows], const float* b_panel, std::int64_t depth,
                   float* c, std::int64_t ldc, bool accumulate);

}  // namespace simdkernels

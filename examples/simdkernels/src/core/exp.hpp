#pragma once

#include "vec.hpp"

namespace simdkernels {

// exp(x) for x <= 0, to about 1e-7 relative; 0 where exp(x) is below the smallest normal number.
// x = n * ln 2 + r with |r| <= ln(2)/2; exp(r) is its Taylor polynomial of degree 7 (remainder below
// 6e-9); ln 2 is split in two so that n * kLn2High is exact.
inline Vec::Reg exp_of_nonpositive(Vec::Reg x) {
  constexpr float kLowest = -87.33F;  // exp(-87.33) is just above 2^-126
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;  // 355 / 512
  constexpr float kLn2Low = -2.12194440e-4F;

  const Vec::Reg bounded = Vec::max(x, Vec::splat(kLowest));
  const Vec::Reg n = Vec::round(Vec::mul(bounded, Vec::splat(kLog2E)));
  Vec::Reg r = Vec::fma(n, Vec::splat(-kLn2High), bounded);
  r = Vec::fma(n, Vec::splat(-kLn2Low), r);

  Vec::Reg y = Vec::splat(1.0F / 5040.0F);
  y = Vec::fma(y, r, Vec::splat(1.0F / 720.0F));
  y = Vec::fma(y, r, Vec::splat(1.0F / 120.0F));
  y = Vec::fma(y, r, Vec::splat(1.0F / 24.0F));
  y = Vec::fma(y, r, Vec::splat(1.0F / 6.0F));
  y = Vec::fma(y, r, Vec::splat(0.5F));
  y = Vec::fma(y, r, Vec::splat(1.0F));
  y = Vec::fma(y, r, Vec::splat(1.0F));
  return Vec::keep_at_least(Vec::mul(y, Vec::pow2(n)), x, kLowest);
}

}  // namespace simdkernels

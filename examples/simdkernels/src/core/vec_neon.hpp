#pragma once

#include <cstdint>

#include <arm_neon.h>

namespace simdkernels {

// See vec.hpp. Needs AArch64 Advanced SIMD.
struct Vec {
  using Reg = float32x4_t;
  static constexpr int kWidth = 4;
  static constexpr int kTileRows = 8;

  static Reg zero() { return vdupq_n_f32(0.0F); }
  static Reg splat(float x) { return vdupq_n_f32(x); }
  static Reg load(const float* p) { return vld1q_f32(p); }
  static void store(float* p, Reg x) { vst1q_f32(p, x); }
  static Reg from_bf16(const std::uint16_t* p) { return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16)); }

  static Reg add(Reg a, Reg b) { return vaddq_f32(a, b); }
  static Reg mul(Reg a, Reg b) { return vmulq_f32(a, b); }
  static Reg max(Reg a, Reg b) { return vmaxq_f32(a, b); }
  static Reg fma(Reg a, Reg b, Reg c) { return vfmaq_f32(c, a, b); }

  static Reg round(Reg x) { return vrndnq_f32(x); }
  static Reg pow2(Reg x) {
    return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtnq_s32_f32(x), vdupq_n_s32(127)), 23));
  }
  static Reg keep_at_least(Reg value, Reg x, float limit) {
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(value), vcgeq_f32(x, vdupq_n_f32(limit))));
  }

  static float sum(Reg x) { return vaddvq_f32(x); }
  static float largest(Reg x) { return vmaxvq_f32(x); }
};

}  // namespace simdkernels

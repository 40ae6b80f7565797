#pragma once

#include <cstdint>

#include <arm_neon.h>

namespace simdkernels {

// Kernels for RowDots: unsigned times signed bytes, exact 32-bit sums.
struct U8S8Kernel {
  using A = std::uint8_t;
  using B = std::int8_t;
  using C = std::int32_t;
  using LoadedA = uint8x16_t;
  using LoadedB = int8x16_t;
  static constexpr int kStep = 16;
  static LoadedA load_a(const A* p) { return vld1q_u8(p); }
  static LoadedB load_b(const B* p) { return vld1q_s8(p); }

#if defined(__ARM_FEATURE_MATMUL_INT8)
  // USDOT: the mixed-sign dot product itself.
  using Sum = int32x4_t;
  static constexpr int kTile = 4;
  static Sum zero() {
    return vdupq_n_s32(0);
  }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) {
    return vusdotq_s32(sum, a, b);
  }
  static C reduce(Sum sum) {
    return vaddvq_s32(sum);
  }
#elif defined(__ARM_FEATURE_DOTPROD)
  // SDOT takes two signed operands: a * b = (a - 128) * b + 128 * b. The sum of b is shared by no other
  // row of the tile, so it is counted beside each product; both parts are exact modulo 2^32.
  struct Sum {
    int32x4_t shifted;
    int32x4_t b_only;
  };
  static constexpr int kTile = 2;
  static Sum zero() {
    return {vdupq_n_s32(0), vdupq_n_s32(0)};
  }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) {
    const int8x16_t centred = vreinterpretq_s8_u8(veorq_u8(a, vdupq_n_u8(0x80)));
    return {vdotq_s32(sum.shifted, centred, b), vdotq_s32(sum.b_only, vdupq_n_s8(1), b)};
  }
  static C reduce(Sum sum) {
    return vaddvq_s32(vaddq_s32(sum.shifted, vshlq_n_s32(sum.b_only, 7)));
  }
#else
  // Widened to 16 bits, SMLAL.
  using Sum = int32x4_t;
  static constexpr int kTile = 2;
  static Sum zero() {
    return vdupq_n_s32(0);
  }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) {
    const int16x8_t a_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(a)));
    const int16x8_t a_high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(a)));
    const int16x8_t b_low = vmovl_s8(vget_low_s8(b));
    const int16x8_t b_high = vmovl_s8(vget_high_s8(b));
    sum = vmlal_s16(sum, vget_low_s16(a_low), vget_low_s16(b_low));
    sum = vmlal_s16(sum, vget_high_s16(a_low), vget_high_s16(b_low));
    sum = vmlal_s16(sum, vget_low_s16(a_high), vget_low_s16(b_high));
    return vmlal_s16(sum, vget_high_s16(a_high), vget_high_s16(b_high));
  }
  static C reduce(Sum sum) {
    return vaddvq_s32(sum);
  }
#endif
};

}  // namespace simdkernels

#pragma once

#include <bit>
#include <cstdint>

namespace simdkernels {

// See vec.hpp. Plain C++; four elements, which compilers map to 128-bit vectors where there are any.
struct Vec {
  static constexpr int kWidth = 4;
  static constexpr int kTileRows = 4;
  struct Reg {
    float lane[kWidth];
  };

  static Reg zero() { return splat(0.0F); }
  static Reg splat(float x) { return {{x, x, x, x}}; }
  static Reg load(const float* p) { return {{p[0], p[1], p[2], p[3]}}; }
  static void store(float* p, Reg x) {
    for (int i = 0; i < kWidth; ++i) p[i] = x.lane[i];
  }
  static Reg from_bf16(const std::uint16_t* p) {
    return each([&](int i) { return std::bit_cast<float>(static_cast<std::uint32_t>(p[i]) << 16); });
  }

  static Reg add(Reg a, Reg b) {
    return each([&](int i) { return a.lane[i] + b.lane[i]; });
  }
  static Reg mul(Reg a, Reg b) {
    return each([&](int i) { return a.lane[i] * b.lane[i]; });
  }
  static Reg max(Reg a, Reg b) {
    return each([&](int i) { return a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; });
  }
  static Reg fma(Reg a, Reg b, Reg c) {
    return each([&](int i) { return a.lane[i] * b.lane[i] + c.lane[i]; });
  }

  // Adding 1.5 * 2^23 leaves no fraction bits, so the addition itself rounds.
  static Reg round(Reg x) {
    constexpr float kShift = 12582912.0F;
    return each([&](int i) { return (x.lane[i] + kShift) - kShift; });
  }
  static Reg pow2(Reg x) {
    return each([&](int i) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(static_cast<std::int32_t>(x.lane[i]) + 127)
                                  << 23);
    });
  }
  static Reg keep_at_least(Reg value, Reg x, float limit) {
    return each([&](int i) { return x.lane[i] >= limit ? value.lane[i] : 0.0F; });
  }

  static float sum(Reg x) { return (x.lane[0] + x.lane[1]) + (x.lane[2] + x.lane[3]); }
  static float largest(Reg x) {
    const float low = x.lane[0] > x.lane[1] ? x.lane[0] : x.lane[1];
    const float high = x.lane[2] > x.lane[3] ? x.lane[2] : x.lane[3];
    return low > high ? low : high;
  }

 private:
  template <class F>
  static Reg each(F f) {
    return {{f(0), f(1), f(2), f(3)}};
  }
};

}  // namespace simdkernels

#pragma once

#include <cstdint>

namespace simdkernels {

// Kernel for RowDots in plain C++: unsigned times signed bytes, exact 32-bit sums.
struct U8S8Kernel {
  using A = std::uint8_t;
  using B = std::int8_t;
  using C = std::int32_t;
  using Sum = std::int32_t;
  using LoadedA = const A*;
  using LoadedB = const B*;
  static constexpr int kStep = 16;
  static constexpr int kTile = 2;
  static LoadedA load_a(const A* p) { return p; }
  static LoadedB load_b(const B* p) { return p; }
  static Sum zero() { return 0; }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) {
    for (int i = 0; i < kStep; ++i) sum += a[i] * b[i];
    return sum;
  }
  static C reduce(Sum sum) { return sum; }
};

}  // namespace simdkernels

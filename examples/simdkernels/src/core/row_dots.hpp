#pragma once

#include <algorithm>
#include <cstdint>

#include "provider.h"

namespace simdkernels {

// c[i][j] = dot product of row i of A and row j of B, for a Kernel that provides
//   A, B, C               element types;  kStep elements are consumed by one dot()
//   kTile                 rows of A and of B whose kTile * kTile sums fit the register file
//   LoadedA, LoadedB, Sum register types;  load_a, load_b, zero, dot(sum, a, b), reduce(sum) -> C
// Rows that end before a full step are continued with zeros; tiles that reach beyond a matrix repeat its
// last row and leave those results out.
template <class Kernel>
class RowDots {
 public:
  explicit RowDots(const sk_product& product)
      : product_(product),
        a_(static_cast<const A*>(product.a)),
        b_(static_cast<const B*>(product.b)),
        c_(static_cast<C*>(product.c)) {}

  void run() const {
    for (std::int64_t j = 0; j < product_.n; j += kTile) {
      for (std::int64_t i = 0; i < product_.m; i += kTile) tile(i, j);
    }
  }

 private:
  using A = typename Kernel::A;
  using B = typename Kernel::B;
  using C = typename Kernel::C;
  using Sum = typename Kernel::Sum;
  static constexpr int kTile = Kernel::kTile;
  static constexpr int kStep = Kernel::kStep;

  // One step for the whole tile, from kTile pointers each.
  static void step(const A* const (&a)[kTile], const B* const (&b)[kTile], std::int64_t at,
                   Sum (&sums)[kTile][kTile]) {
    typename Kernel::LoadedA loaded_a[kTile];
#pragma GCC unroll 4
    for (int i = 0; i < kTile; ++i) loaded_a[i] = Kernel::load_a(a[i] + at);
#pragma GCC unroll 4
    for (int j = 0; j < kTile; ++j) {
      const typename Kernel::LoadedB loaded_b = Kernel::load_b(b[j] + at);
#pragma GCC unroll 4
      for (int i = 0; i < kTile; ++i) sums[i][j] = Kernel::dot(sums[i][j], loaded_a[i], loaded_b);
    }
  }

  // The last, shorter step, from copies filled up with zeros.
  static void last_step(const A* const (&a)[kTile], const B* const (&b)[kTile], std::int64_t at,
                        std::int64_t count, Sum (&sums)[kTile][kTile]) {
    A a_copy[kTile][kStep] = {};
    B b_copy[kTile][kStep] = {};
    const A* a_rows[kTile];
    const B* b_rows[kTile];
    for (int i = 0; i < kTile; ++i) {
      std::copy_n(a[i] + at, count, a_copy[i]);
      std::copy_n(b[i] + at, count, b_copy[i]);
      a_rows[i] = a_copy[i];
      b_rows[i] = b_copy[i];
    }
    step(a_rows, b_rows, 0, sums);
  }

  void tile(std::int64_t row, std::int64_t col) const {
    const A* a[kTile];
    const B* b[kTile];
    Sum sums[kTile][kTile];
    for (int i = 0; i < kTile; ++i) {
      a[i] = a_ + std::min(row + i, product_.m - 1) * product_.lda;
      b[i] = b_ + std::min(col + i, product_.n - 1) * product_.ldb;
#pragma GCC unroll 4
      for (int j = 0; j < kTile; ++j) sums[i][j] = Kernel::zero();
    }
    std::int64_t at = 0;
    for (; at + kStep <= product_.k; at += kStep) step(a, b, at, sums);
    if (at < product_.k) last_step(a, b, at, product_.k - at, sums);
    store(row, col, sums);
  }

  void store(std::int64_t row, std::int64_t col, const Sum (&sums)[kTile][kTile]) const {
#pragma GCC unroll 4
    for (int i = 0; i < kTile; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < kTile; ++j) {
        if (row + i < product_.m && col + j < product_.n) {
          c_[(row + i) * product_.ldc + col + j] = Kernel::reduce(sums[i][j]);
        }
      }
    }
  }

  const sk_product& product_;
  const A* a_;
  const B* b_;
  C* c_;
};

}  // namespace simdkernels

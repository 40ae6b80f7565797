#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace selftest {

// Row-major matrix whose rows are followed by a few elements of a fixed byte pattern, so that writes
// beyond a row are seen.
template <class T>
struct Matrix {
  static constexpr int kGap = 3;

  Matrix(std::int64_t row_count, std::int64_t col_count)
      : rows(row_count),
        cols(col_count),
        leading(col_count + kGap),
        data(static_cast<std::size_t>(row_count * leading)) {
    if (!data.empty()) std::memset(data.data(), kUntouched, data.size() * sizeof(T));
  }

  T& at(std::int64_t row, std::int64_t col) { return data[static_cast<std::size_t>(row * leading + col)]; }
  const T& at(std::int64_t row, std::int64_t col) const {
    return data[static_cast<std::size_t>(row * leading + col)];
  }

  bool gaps_untouched() const {
    T untouched;
    std::memset(&untouched, kUntouched, sizeof untouched);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t col = cols; col < leading; ++col) {
        if (std::memcmp(&at(row, col), &untouched, sizeof untouched) != 0) return false;
      }
    }
    return true;
  }

  template <class F>
  void fill(F next) {
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t col = 0; col < cols; ++col) at(row, col) = next();
    }
  }

  std::int64_t rows, cols, leading;
  std::vector<T> data;

 private:
  static constexpr int kUntouched = 0x5A;
};

// m, n, k of a product.
struct Shape {
  std::int64_t m, n, k;
};

// Single elements, empty sums, full tiles, and sizes just above and below every tile and step in use.
inline constexpr Shape kShapes[] = {
    {1, 1, 0},    {1, 1, 1},     {2, 3, 5},      {4, 4, 32},   {7, 33, 65},   {12, 32, 256},
    {13, 31, 63}, {25, 67, 130}, {65, 129, 515}, {3, 300, 17}, {96, 96, 600}, {1, 257, 1031},
};

// Deterministic pseudo-random numbers (xorshift64*), the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}

  std::uint32_t bits() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>((state_ * 0x2545F4914F6CDD1DULL) >> 32);
  }
  // In [-limit, limit).
  float real(float limit) { return (static_cast<float>(bits() >> 8) * 0x1p-23F - 1.0F) * limit; }

 private:
  std::uint64_t state_;
};

}  // namespace selftest

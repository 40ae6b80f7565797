#include <algorithm>
#include <cstdint>
#include <limits>

#include "exp.hpp"
#include "kernels.hpp"
#include "vec.hpp"

namespace simdkernels {
namespace {

using std::int64_t;

constexpr float kNothing = -std::numeric_limits<float>::infinity();

// The last count (< kWidth) elements of a row, followed by -infinity, which adds nothing to a softmax.
Vec::Reg load_tail(const float* x, int64_t count) {
  float copy[Vec::kWidth];
  std::fill(copy + count, copy + Vec::kWidth, kNothing);
  std::copy_n(x, count, copy);
  return Vec::load(copy);
}

void store_tail(float* y, int64_t count, Vec::Reg value) {
  float copy[Vec::kWidth];
  Vec::store(copy, value);
  std::copy_n(copy, count, y);
}

float largest_of(const float* x, int64_t full, int64_t rest) {
  Vec::Reg largest = Vec::splat(kNothing);
  for (int64_t j = 0; j < full; j += Vec::kWidth) largest = Vec::max(largest, Vec::load(x + j));
  if (rest > 0) largest = Vec::max(largest, load_tail(x + full, rest));
  return Vec::largest(largest);
}

void softmax_row(const float* x, float* y, int64_t cols) {
  const int64_t rest = cols % Vec::kWidth;
  const int64_t full = cols - rest;
  const Vec::Reg shift = Vec::splat(-largest_of(x, full, rest));

  Vec::Reg sum = Vec::zero();
  for (int64_t j = 0; j < full; j += Vec::kWidth) {
    const Vec::Reg e = exp_of_nonpositive(Vec::add(Vec::load(x + j), shift));
    sum = Vec::add(sum, e);
    Vec::store(y + j, e);
  }
  if (rest > 0) {
    const Vec::Reg e = exp_of_nonpositive(Vec::add(load_tail(x + full, rest), shift));
    sum = Vec::add(sum, e);
    store_tail(y + full, rest, e);
  }

  const float scale = 1.0F / Vec::sum(sum);
  for (int64_t j = 0; j < full; j += Vec::kWidth) {
    Vec::store(y + j, Vec::mul(Vec::load(y + j), Vec::splat(scale)));
  }
  for (int64_t j = full; j < cols; ++j) y[j] *= scale;
}

}  // namespace

void softmax_f32(const sk_rows& rows) {
  for (int64_t r = 0; r < rows.rows; ++r)
    softmax_row(rows.x + r * rows.ldx, rows.y + r * rows.ldy, rows.cols);
}

}  // namespace simdkernels

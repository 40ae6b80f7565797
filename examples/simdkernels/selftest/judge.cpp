#include "judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace selftest {
namespace {

// |error| as a multiple of the tolerance; a NaN counts as infinitely far.
double ratio(double error, double tolerance) {
  if (error == 0) return 0;
  if (tolerance == 0 || std::isnan(error)) return std::numeric_limits<double>::infinity();
  return error / tolerance;
}

}  // namespace

Closeness judge_product(const Matrix<double>& a, const Matrix<double>& b, bool b_transposed,
                        const Matrix<float>& c, double factor) {
  Closeness result;
  const double unit = factor * static_cast<double>(a.cols + 1) * 0x1p-23;
  for (std::int64_t i = 0; i < c.rows; ++i) {
    for (std::int64_t j = 0; j < c.cols; ++j) {
      double sum = 0;
      double magnitude = 0;
      for (std::int64_t p = 0; p < a.cols; ++p) {
        const double product = a.at(i, p) * (b_transposed ? b.at(j, p) : b.at(p, j));
        sum += product;
        magnitude += std::fabs(product);
      }
      const double error = std::fabs(static_cast<double>(c.at(i, j)) - sum);
      result.worst = std::max(result.worst, ratio(error, unit * magnitude));
    }
  }
  result.gaps = c.gaps_untouched();
  return result;
}

}  // namespace selftest

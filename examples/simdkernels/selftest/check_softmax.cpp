#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "matrix.hpp"

namespace selftest {
namespace {

// Results below the smallest normal binary32 number may be 0.
constexpr double kAbsolute = 1.2e-38;

// Allowed error of an element with value y that lies distance below its row's maximum: half a unit in the
// last place for each of cols - 1 additions, as much again for rounding the distance, and six for exp, its
// share in the sum, the division and the product.
double tolerance(double y, double distance, std::int64_t cols) {
  if (y == 0) return kAbsolute;
  return 0x1p-23 * (6 + distance / 2 + static_cast<double>(cols) / 2) * y + kAbsolute;
}

// Largest |error| as a multiple of its tolerance, against exp and sum in double precision.
double worst_error(const Matrix<float>& x, const Matrix<float>& y) {
  double worst = 0;
  for (std::int64_t r = 0; r < x.rows; ++r) {
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t j = 0; j < x.cols; ++j) largest = std::max(largest, static_cast<double>(x.at(r, j)));
    double sum = 0;
    for (std::int64_t j = 0; j < x.cols; ++j) sum += std::exp(static_cast<double>(x.at(r, j)) - largest);
    for (std::int64_t j = 0; j < x.cols; ++j) {
      const double distance = largest - static_cast<double>(x.at(r, j));
      const double expected = std::exp(-distance) / sum;
      const double error = std::fabs(static_cast<double>(y.at(r, j)) - expected);
      const double ratio = error / tolerance(expected, distance, x.cols);
      if (!(ratio <= worst)) worst = std::isnan(ratio) ? std::numeric_limits<double>::infinity() : ratio;
    }
  }
  return worst;
}

void check_one(sk_context* context, Report& report, const char* what, Matrix<float> x, bool in_place) {
  Matrix<float> y = x;
  const float* const from = in_place ? y.data.data() : x.data.data();
  const sk_status status = sk_softmax_f32(context, x.rows, x.cols, from, x.leading, y.data.data(), y.leading);
  if (status != SK_OK) {
    report.check(false, "softmax_f32 %s: %s", what, sk_last_error(context));
    return;
  }
  const double worst = worst_error(x, y);
  const bool gaps = y.gaps_untouched();
  report.check(worst <= 1.0 && gaps,
               "softmax_f32 %s rows=%lld cols=%lld: largest error %.3g of the tolerance 2^-23 (6 + (max - x "
               "+ cols) / 2) y + 1.2e-38%s",
               what, static_cast<long long>(x.rows), static_cast<long long>(x.cols), worst,
               gaps ? "" : "; wrote between the rows");
}

}  // namespace

void check_softmax_f32(sk_context* context, Report& report) {
  Random random(4);
  const Shape shapes[] = {{1, 1, 0},   {3, 7, 0},    {5, 16, 0},  {2, 17, 0},
                          {33, 31, 0}, {4, 1000, 0}, {2, 4099, 0}};
  for (const Shape& s : shapes) {
    Matrix<float> x(s.m, s.n);
    x.fill([&] { return random.real(10.0F); });
    check_one(context, report, "random", x, false);
  }
  // Two columns show every part of exp: the second element goes down to -95 in small steps.
  Matrix<float> pairs(9500, 2);
  for (std::int64_t r = 0; r < pairs.rows; ++r) {
    pairs.at(r, 0) = 0.0F;
    pairs.at(r, 1) = -0.01F * static_cast<float>(r) - random.real(0.005F);
  }
  check_one(context, report, "sweep", pairs, false);
  Matrix<float> wide(3, 301);
  wide.fill([&] { return random.real(1000.0F); });
  check_one(context, report, "wide range", wide, false);
  check_one(context, report, "in place", wide, true);
  Matrix<float> masked(2, 37);
  masked.fill(
      [&] { return random.bits() % 3 == 0 ? -std::numeric_limits<float>::infinity() : random.real(5.0F); });
  check_one(context, report, "with -infinity", masked, false);
}

}  // namespace selftest

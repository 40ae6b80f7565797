#include "checks.hpp"
#include "judge.hpp"

namespace selftest {
namespace {

template <class T, class Widen>
Matrix<double> widened(const Matrix<T>& from, Widen widen) {
  Matrix<double> to(from.rows, from.cols);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    for (std::int64_t col = 0; col < from.cols; ++col) to.at(row, col) = widen(from.at(row, col));
  }
  return to;
}

double from_bf16(std::uint16_t x) {
  float wide = 0;
  sk_f32_from_bf16(&x, &wide, 1);
  return static_cast<double>(wide);
}

std::uint16_t to_bf16(float x) {
  std::uint16_t narrow = 0;
  sk_bf16_from_f32(&x, &narrow, 1);
  return narrow;
}

void say(Report& report, sk_context* context, sk_status status, const char* name, const Shape& s,
         const Closeness& close, int factor) {
  if (status != SK_OK) {
    report.check(false, "%s m=%lld n=%lld k=%lld: %s", name, static_cast<long long>(s.m),
                 static_cast<long long>(s.n), static_cast<long long>(s.k), sk_last_error(context));
    return;
  }
  report.check(close.good(),
               "%s m=%lld n=%lld k=%lld: largest error %.3g of the tolerance %d(k+1) 2^-23 sum|a b|%s", name,
               static_cast<long long>(s.m), static_cast<long long>(s.n), static_cast<long long>(s.k),
               close.worst, factor, close.gaps ? "" : "; wrote between the rows");
}

}  // namespace

void check_gemm_f32(sk_context* context, Report& report) {
  Random random(1);
  for (const Shape& s : kShapes) {
    Matrix<float> a(s.m, s.k);
    Matrix<float> b(s.k, s.n);
    Matrix<float> c(s.m, s.n);
    a.fill([&] { return random.real(2.0F); });
    b.fill([&] { return random.real(2.0F); });
    const sk_status status = sk_gemm_f32(context, s.m, s.n, s.k, a.data.data(), a.leading, b.data.data(),
                                         b.leading, c.data.data(), c.leading);
    const auto widen = [](float x) { return static_cast<double>(x); };
    const Closeness close = judge_product(widened(a, widen), widened(b, widen), false, c, 1.0);
    say(report, context, status, "gemm_f32", s, close, 1);
  }
}

// Products of bf16 numbers are exact in binary32. Tensor cores cut off the bits of a sum instead of
// rounding them, hence twice the tolerance.
void check_gemm_bf16(sk_context* context, Report& report) {
  Random random(2);
  for (const Shape& s : kShapes) {
    Matrix<std::uint16_t> a(s.m, s.k);
    Matrix<std::uint16_t> b(s.n, s.k);
    Matrix<float> c(s.m, s.n);
    a.fill([&] { return to_bf16(random.real(2.0F)); });
    b.fill([&] { return to_bf16(random.real(2.0F)); });
    const sk_status status = sk_gemm_bf16(context, s.m, s.n, s.k, a.data.data(), a.leading, b.data.data(),
                                          b.leading, c.data.data(), c.leading);
    const Closeness close = judge_product(widened(a, from_bf16), widened(b, from_bf16), true, c, 2.0);
    say(report, context, status, "gemm_bf16", s, close, 2);
  }
}

}  // namespace selftest

#include "checks.hpp"
#include "matrix.hpp"

namespace selftest {
namespace {

using Bytes = Matrix<std::uint8_t>;
using SignedBytes = Matrix<std::int8_t>;

// Elements of c that differ from the sums computed in 64 bits.
int count_wrong(const Bytes& a, const SignedBytes& b, const Matrix<std::int32_t>& c) {
  int wrong = 0;
  for (std::int64_t i = 0; i < c.rows; ++i) {
    for (std::int64_t j = 0; j < c.cols; ++j) {
      std::int64_t sum = 0;
      for (std::int64_t p = 0; p < a.cols; ++p) sum += std::int64_t{a.at(i, p)} * b.at(j, p);
      if (sum != c.at(i, j)) ++wrong;
    }
  }
  return wrong;
}

void check_one(sk_context* context, Report& report, const char* what, const Shape& s, const Bytes& a,
               const SignedBytes& b) {
  Matrix<std::int32_t> c(s.m, s.n);
  const sk_status status = sk_dot_u8s8(context, s.m, s.n, s.k, a.data.data(), a.leading, b.data.data(),
                                       b.leading, c.data.data(), c.leading);
  if (status != SK_OK) {
    report.check(false, "dot_u8s8 %s m=%lld n=%lld k=%lld: %s", what, static_cast<long long>(s.m),
                 static_cast<long long>(s.n), static_cast<long long>(s.k), sk_last_error(context));
    return;
  }
  const int wrong = count_wrong(a, b, c);
  const bool gaps = c.gaps_untouched();
  report.check(wrong == 0 && gaps, "dot_u8s8 %s m=%lld n=%lld k=%lld: %d of %lld sums wrong, none allowed%s",
               what, static_cast<long long>(s.m), static_cast<long long>(s.n), static_cast<long long>(s.k),
               wrong, static_cast<long long>(s.m * s.n), gaps ? "" : "; wrote between the rows");
}

}  // namespace

void check_dot_u8s8(sk_context* context, Report& report) {
  Random random(3);
  for (const Shape& s : kShapes) {
    Bytes a(s.m, s.k);
    SignedBytes b(s.n, s.k);
    a.fill([&] { return static_cast<std::uint8_t>(random.bits()); });
    b.fill([&] { return static_cast<std::int8_t>(random.bits()); });
    check_one(context, report, "random", s, a, b);
  }
  // Largest magnitudes: 16-bit partial sums that saturate, and sums that reach the ends of int32.
  const Shape longest{2, 2, 65793};
  Bytes a(longest.m, longest.k);
  SignedBytes b(longest.n, longest.k);
  a.fill([] { return std::uint8_t{255}; });
  b.fill([] { return std::int8_t{-128}; });
  check_one(context, report, "lowest", longest, a, b);
  b.fill([] { return std::int8_t{127}; });
  check_one(context, report, "highest", longest, a, b);
}

}  // namespace selftest

#include "checks.hpp"
#include "judge.hpp"

namespace selftest {

void check_the_judge(Report& report) {
  constexpr std::int64_t kSize = 40;
  Random random(5);
  Matrix<double> a(kSize, kSize);
  Matrix<double> b(kSize, kSize);
  a.fill([&] { return static_cast<double>(random.real(2.0F)); });
  b.fill([&] { return static_cast<double>(random.real(2.0F)); });
  Matrix<float> right(kSize, kSize);
  for (std::int64_t i = 0; i < kSize; ++i) {
    for (std::int64_t j = 0; j < kSize; ++j) {
      double sum = 0;
      for (std::int64_t p = 0; p < kSize; ++p) sum += a.at(i, p) * b.at(p, j);
      right.at(i, j) = static_cast<float>(sum);
    }
  }
  report.check(judge_product(a, b, false, right, 2.0).good(), "judge: takes a right product");

  Matrix<float> short_sum = right;
  short_sum.at(17, 23) -= static_cast<float>(a.at(17, kSize - 1) * b.at(kSize - 1, 23));
  report.check(!judge_product(a, b, false, short_sum, 2.0).good(),
               "judge: refuses one sum without its last product");

  Matrix<float> moved = right;
  moved.at(0, 1) = right.at(0, 0);
  report.check(!judge_product(a, b, false, moved, 2.0).good(),
               "judge: refuses one element from its neighbour's place");
  report.check(!judge_product(a, b, true, right, 2.0).good(), "judge: refuses the product with b transposed");

  Matrix<float> beyond = right;
  beyond.at(3, kSize) = 0.0F;
  report.check(!judge_product(a, b, false, beyond, 2.0).good(), "judge: refuses a write between the rows");
}

}  // namespace selftest

#pragma once

#include "matrix.hpp"

namespace selftest {

// How far a binary32 product is from the double-precision one. An element's tolerance is
// factor * (k + 1) * 2^-23 * sum over p of |a[i][p] * b[p][j]|, the classical bound of a sum of k products.
struct Closeness {
  double worst = 0;  // largest |error| / tolerance; infinite where the tolerance is 0 and the error is not
  bool gaps = true;  // nothing was written between the rows

  bool good() const { return gaps && worst <= 1.0; }
};

// Compares c with a * b, or with a * transpose(b) when b_transposed. a and b hold the exact input values.
Closeness judge_product(const Matrix<double>& a, const Matrix<double>& b, bool b_transposed,
                        const Matrix<float>& c, double factor);

}  // namespace selftest

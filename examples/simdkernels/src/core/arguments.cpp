#include "arguments.hpp"

namespace simdkernels {

bool check_size(sk_context& context, const char* function, const char* name, std::int64_t size,
                std::int64_t limit) {
  if (size >= 0 && size <= limit) return true;
  write_message(error_of(context), "%s: %s is %lld; expected 0 to %lld", function, name,
                static_cast<long long>(size), static_cast<long long>(limit));
  return false;
}

bool check_matrix(sk_context& context, const char* function, const MatrixArgument& matrix) {
  if (matrix.leading < matrix.cols) {
    write_message(error_of(context), "%s: %s is %lld; expected at least %lld, the row length of %s", function,
                  matrix.leading_name, static_cast<long long>(matrix.leading),
                  static_cast<long long>(matrix.cols), matrix.name);
    return false;
  }
  if (matrix.leading > kLargestSize) {
    return check_size(context, function, matrix.leading_name, matrix.leading, kLargestSize);
  }
  if (matrix.rows == 0 || matrix.cols == 0 || matrix.data != nullptr) return true;
  write_message(error_of(context), "%s: %s is NULL; expected a matrix of %lld x %lld elements", function,
                matrix.name, static_cast<long long>(matrix.rows), static_cast<long long>(matrix.cols));
  return false;
}

}  // namespace simdkernels

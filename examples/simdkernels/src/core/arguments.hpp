#pragma once

#include <cstdint>

#include "context.hpp"

namespace simdkernels {

// One matrix argument as the caller gave it, with the names used in messages.
struct MatrixArgument {
  const char* name;
  const void* data;
  std::int64_t rows;
  std::int64_t cols;
  const char* leading_name;
  std::int64_t leading;
};

// True if size is in [0, limit]; otherwise the context's error says which argument of which function is
// wrong.
bool check_size(sk_context& context, const char* function, const char* name, std::int64_t size,
                std::int64_t limit);

// True if the matrix is empty, or has data and a leading dimension of at least its row length.
bool check_matrix(sk_context& context, const char* function, const MatrixArgument& matrix);

// Largest size in every direction.
constexpr std::int64_t kLargestSize = 2147483647;

// Longest u8 x s8 dot product: 65793 * 255 * 128 <= 2^31 < 65794 * 255 * 128.
constexpr std::int64_t kLongestU8S8 = 65793;

}  // namespace simdkernels

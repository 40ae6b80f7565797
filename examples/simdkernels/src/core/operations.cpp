#include <cstdint>

#include "arguments.hpp"
#include "context.hpp"

// The public operations: check the arguments, then hand them to the provider in use.

namespace {

using simdkernels::check_matrix;
using simdkernels::check_size;
using simdkernels::error_of;
using simdkernels::kLargestSize;

using Product = sk_status (*)(void*, const sk_product*, sk_message*);

// What differs between the three products.
struct ProductRules {
  const char* function;
  Product sk_provider_table::*run;
  std::int64_t longest_k;
  bool b_transposed;  // B is n x k rather than k x n
};

sk_status run_product(sk_context* context, const ProductRules& rules, const sk_product& p) {
  if (context == nullptr) return SK_INVALID_ARGUMENT;
  const char* const function = rules.function;
  const std::int64_t b_rows = rules.b_transposed ? p.n : p.k;
  const std::int64_t b_cols = rules.b_transposed ? p.k : p.n;
  if (!check_size(*context, function, "m", p.m, kLargestSize) ||
      !check_size(*context, function, "n", p.n, kLargestSize) ||
      !check_size(*context, function, "k", p.k, rules.longest_k) ||
      !check_matrix(*context, function, {"a", p.a, p.m, p.k, "lda", p.lda}) ||
      !check_matrix(*context, function, {"b", p.b, b_rows, b_cols, "ldb", p.ldb}) ||
      !check_matrix(*context, function, {"c", p.c, p.m, p.n, "ldc", p.ldc})) {
    return SK_INVALID_ARGUMENT;
  }
  if (p.m == 0 || p.n == 0) return SK_OK;
  sk_message why = error_of(*context);
  return (context->provider->*rules.run)(context->state, &p, &why);
}

}  // namespace

sk_status sk_gemm_f32(sk_context* context, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
                      std::int64_t lda, const float* b, std::int64_t ldb, float* c,
                      std::int64_t ldc) noexcept {
  return run_product(context, {"sk_gemm_f32", &sk_provider_table::gemm_f32, kLargestSize, false},
                     {m, n, k, a, lda, b, ldb, c, ldc});
}

sk_status sk_gemm_bf16(sk_context* context, std::int64_t m, std::int64_t n, std::int64_t k,
                       const std::uint16_t* a, std::int64_t lda, const std::uint16_t* b, std::int64_t ldb,
                       float* c, std::int64_t ldc) noexcept {
  return run_product(context, {"sk_gemm_bf16", &sk_provider_table::gemm_bf16, kLargestSize, true},
                     {m, n, k, a, lda, b, ldb, c, ldc});
}

sk_status sk_dot_u8s8(sk_context* context, std::int64_t m, std::int64_t n, std::int64_t k,
                      const std::uint8_t* a, std::int64_t lda, const std::int8_t* b, std::int64_t ldb,
                      std::int32_t* c, std::int64_t ldc) noexcept {
  return run_product(context, {"sk_dot_u8s8", &sk_provider_table::dot_u8s8, simdkernels::kLongestU8S8, true},
                     {m, n, k, a, lda, b, ldb, c, ldc});
}

sk_status sk_softmax_f32(sk_context* context, std::int64_t rows, std::int64_t cols, const float* x,
                         std::int64_t ldx, float* y, std::int64_t ldy) noexcept {
  if (context == nullptr) return SK_INVALID_ARGUMENT;
  const char* const function = "sk_softmax_f32";
  if (!check_size(*context, function, "rows", rows, kLargestSize) ||
      !check_size(*context, function, "cols", cols, kLargestSize) ||
      !check_matrix(*context, function, {"x", x, rows, cols, "ldx", ldx}) ||
      !check_matrix(*context, function, {"y", y, rows, cols, "ldy", ldy})) {
    return SK_INVALID_ARGUMENT;
  }
  if (rows == 0 || cols == 0) return SK_OK;
  const sk_rows operands{rows, cols, x, ldx, y, ldy};
  sk_message why = error_of(*context);
  return context->provider->softmax_f32(context->state, &operands, &why);
}

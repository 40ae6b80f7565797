#include <cstdint>
#include <cstring>

#include "checks.hpp"

namespace selftest {
namespace {

// The call was refused as an invalid argument and the message holds the expected text.
void refused(Report& report, sk_context* context, sk_status status, const char* text) {
  const char* const message = sk_last_error(context);
  report.check(status == SK_INVALID_ARGUMENT && std::strstr(message, text) != nullptr,
               "arguments: \"%s\" expected to say \"%s\"", message, text);
}

}  // namespace

void check_arguments(sk_context* context, Report& report) {
  const float x[4] = {1, 2, 3, 4};
  float y[4] = {5, 6, 7, 8};
  const std::uint8_t u8[1] = {1};
  const std::int8_t s8[1] = {1};
  std::int32_t s32[1] = {0};

  refused(report, context, sk_gemm_f32(context, -1, 2, 2, x, 2, x, 2, y, 2), "sk_gemm_f32: m is -1");
  refused(report, context, sk_gemm_f32(context, 2, 2, 2, x, 1, x, 2, y, 2), "lda is 1; expected at least 2");
  refused(report, context, sk_gemm_f32(context, 2, 2, 2, x, 2, nullptr, 2, y, 2), "b is NULL");
  refused(report, context, sk_gemm_f32(context, 2, 2, 2, x, 2, x, 2, nullptr, 2), "c is NULL");
  refused(report, context, sk_dot_u8s8(context, 1, 1, 65794, u8, 65794, s8, 65794, s32, 1),
          "sk_dot_u8s8: k is 65794; expected 0 to 65793");
  refused(report, context, sk_softmax_f32(context, 1, 4, x, 4, y, 3), "ldy is 3; expected at least 4");
  refused(report, context, sk_use_provider(context, "cudaa"), "provider \"cudaa\" is unknown");

  const bool empty =
      sk_gemm_f32(context, 0, 2, 2, nullptr, 2, x, 2, nullptr, 2) == SK_OK &&
      sk_gemm_bf16(context, 2, 0, 2, nullptr, 2, nullptr, 2, nullptr, 0) == SK_INVALID_ARGUMENT &&
      sk_softmax_f32(context, 0, 4, nullptr, 4, nullptr, 4) == SK_OK &&
      sk_softmax_f32(context, 3, 0, nullptr, 0, nullptr, 0) == SK_OK;
  report.check(empty && y[0] == 5 && y[3] == 8,
               "arguments: empty matrices need no memory and change nothing");
  report.check(sk_gemm_f32(nullptr, 1, 1, 1, x, 1, x, 1, y, 1) == SK_INVALID_ARGUMENT,
               "arguments: a NULL context is refused");
}

}  // namespace selftest

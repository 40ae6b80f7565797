#pragma once

#include "report.hpp"
#include "simdkernels/simdkernels.h"

namespace selftest {

// Each group runs one operation of the context's provider on several shapes, odd sizes and tails among
// them, and compares every element with a result computed in double precision (int64 for the integer dot
// products). The elements between the rows of the result must stay untouched.
void check_gemm_f32(sk_context* context, Report& report);
void check_gemm_bf16(sk_context* context, Report& report);
void check_dot_u8s8(sk_context* context, Report& report);
void check_softmax_f32(sk_context* context, Report& report);

// Conversions between binary32 and bf16: every bf16 number, ties, overflow, NaN.
void check_bf16(Report& report);

// Wrong arguments are refused with their name, and empty matrices are no error.
void check_arguments(sk_context* context, Report& report);

// The comparison used by the checks above refuses results with one product left out or one element moved.
void check_the_judge(Report& report);

}  // namespace selftest

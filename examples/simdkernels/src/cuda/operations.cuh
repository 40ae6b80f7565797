#pragma once

#include "provider.h"

namespace simdkernels::cuda {

// The operations as provider.h defines them: operands are copied to the device, results back.
// Errors: SK_OUT_OF_MEMORY, SK_DEVICE_FAILED.
sk_status gemm_f32(void* state, const sk_product* product, sk_message* why);
sk_status gemm_bf16(void* state, const sk_product* product, sk_message* why);
sk_status dot_u8s8(void* state, const sk_product* product, sk_message* why);
sk_status softmax_f32(void* state, const sk_rows* rows, sk_message* why);

}  // namespace simdkernels::cuda

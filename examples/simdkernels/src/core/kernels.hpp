#pragma once

#include "provider.h"

namespace simdkernels {

// The four operations on the CPU, one source file each. Operands as in provider.h: already checked, m, n,
// rows and cols above 0. They cannot fail and hold their scratch space (at most 40 kB) on the stack.
void gemm_f32(const sk_product& product);
void gemm_bf16(const sk_product& product);
void dot_u8s8(const sk_product& product);
void softmax_f32(const sk_rows& rows);

// The CPU as a provider.
const sk_provider_table& cpu_provider();

}  // namespace simdkernels

/* What the core and a provider library agree on. The CPU code of the core is a provider like any other. */
#ifndef SIMDKERNELS_SRC_PROVIDER_H
#define SIMDKERNELS_SRC_PROVIDER_H

#include "simdkernels/simdkernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a struct below changes; checked together with the version text at load time. */
#define SK_PROVIDER_ABI 1u

/* Name of the one symbol that a provider library exports; its type is sk_provider_entry. */
#define SK_PROVIDER_SYMBOL "sk_provider_v1"

/* Where a provider writes why it failed: size bytes at text, always ended with a zero byte. */
typedef struct sk_message {
  char* text;
  size_t size;
} sk_message;

/* Operands of the three products; the element types follow from the operation. Already checked by the
 * core: sizes in range, leading dimensions long enough, pointers given where there is something to read or
 * write. */
typedef struct sk_product {
  int64_t m, n, k;
  const void* a;
  int64_t lda;
  const void* b;
  int64_t ldb;
  void* c;
  int64_t ldc;
} sk_product;

/* Operands of softmax, checked likewise. */
typedef struct sk_rows {
  int64_t rows, cols;
  const float* x;
  int64_t ldx;
  float* y;
  int64_t ldy;
} sk_rows;

/* One provider. state is what open() returned; the functions do not throw. m, n, rows and cols are above 0.
 */
typedef struct sk_provider_table {
  uint32_t abi;
  const char* version;
  const char* name;
  sk_status (*open)(void** state, sk_message* why);
  void (*close)(void* state);
  const char* (*device)(const void* state);
  sk_status (*gemm_f32)(void* state, const sk_product* product, sk_message* why);
  sk_status (*gemm_bf16)(void* state, const sk_product* product, sk_message* why);
  sk_status (*dot_u8s8)(void* state, const sk_product* product, sk_message* why);
  sk_status (*softmax_f32)(void* state, const sk_rows* rows, sk_message* why);
} sk_provider_table;

typedef const sk_provider_table* (*sk_provider_entry)(void);

#ifdef __cplusplus
}
#endif

#endif

/* simdkernels: four numeric operations for one CPU instruction set, with an optional CUDA provider.
 *
 * Conventions
 * - All pointers are host pointers. Matrices are row-major; a leading dimension (lda, ldx, ...) is the
 *   distance between the starts of two rows, in elements, and is at least the row length.
 * - bf16 numbers are the upper 16 bits of an IEEE binary32 number, held in uint16_t.
 * - Sizes are in elements, at most 2147483647 each; 0 is allowed. Inputs and outputs must not overlap
 *   (softmax alone may work in place: y == x with ldy == ldx).
 * - No function throws. A context serves one thread at a time; separate contexts are independent.
 */
#ifndef SIMDKERNELS_SIMDKERNELS_H
#define SIMDKERNELS_SIMDKERNELS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SK_API __attribute__((visibility("default")))
#else
#define SK_API
#endif

#ifdef __cplusplus
#define SK_NOEXCEPT noexcept
extern "C" {
#else
#define SK_NOEXCEPT
#endif

typedef enum sk_status {
  SK_OK = 0,
  SK_INVALID_ARGUMENT = 1,   /* a size, leading dimension, pointer or name is wrong */
  SK_PROVIDER_MISSING = 2,   /* the provider's library is not beside libsimdkernels.so */
  SK_PROVIDER_UNUSABLE = 3,  /* it is there but cannot be loaded, or has another version */
  SK_NO_DEVICE = 4,          /* no driver, a driver that is too old, or no device */
  SK_UNSUPPORTED_DEVICE = 5, /* the provider holds no code for this device */
  SK_OUT_OF_MEMORY = 6,      /* host or device memory */
  SK_DEVICE_FAILED = 7       /* the device reported an error while working */
} sk_status;

/* A provider chosen and its state, with the text of the last error. */
typedef struct sk_context sk_context;

/* Version of the core library, "MAJOR.MINOR.PATCH". */
SK_API const char* sk_version(void) SK_NOEXCEPT;

/* Instruction set this core was compiled for, derived from the compiler's predefined macros:
 * "baseline", "avx", "avx2", "avx512", "avx512bf16", "avx512vnni", "avx512bf16vnni" (x86-64), "armv8_2",
 * "armv9" (aarch64). The caller makes sure that the CPU has it; the library does not look. */
SK_API const char* sk_isa(void) SK_NOEXCEPT;

/* One sentence for a status, for example "invalid argument". Never NULL. */
SK_API const char* sk_status_text(sk_status status) SK_NOEXCEPT;

/* Makes a context that computes on the CPU. Errors: SK_INVALID_ARGUMENT (out is NULL), SK_OUT_OF_MEMORY. */
SK_API sk_status sk_context_create(sk_context** out) SK_NOEXCEPT;

/* Frees a context and what its provider holds. NULL is allowed. */
SK_API void sk_context_destroy(sk_context* context) SK_NOEXCEPT;

/* Chooses who computes: "cpu" or "cuda". "cuda" loads libsimdkernels_cuda.so from the folder that
 * libsimdkernels.so was loaded from and opens the calling thread's current CUDA device.
 * After an error the context keeps the provider it had, and sk_last_error says what is wrong. */
SK_API sk_status sk_use_provider(sk_context* context, const char* name) SK_NOEXCEPT;

/* Provider in use ("cpu", "cuda") and what it runs on ("avx2", "NVIDIA H200 (sm_90)"). Valid until the
 * provider changes or the context is destroyed. */
SK_API const char* sk_provider(const sk_context* context) SK_NOEXCEPT;
SK_API const char* sk_device(const sk_context* context) SK_NOEXCEPT;

/* Why the last call on this context that did not return SK_OK failed; "" if none has. Valid until the
 * next failing call on the context. */
SK_API const char* sk_last_error(const sk_context* context) SK_NOEXCEPT;

/* c[m x n] = a[m x k] * b[k x n] in binary32. k == 0 makes c zero. */
SK_API sk_status sk_gemm_f32(sk_context* context, int64_t m, int64_t n, int64_t k, const float* a,
                             int64_t lda, const float* b, int64_t ldb, float* c, int64_t ldc) SK_NOEXCEPT;

/* c[m x n] = a[m x k] * transpose(b[n x k]), a and b in bf16, sums and c in binary32.
 * Subnormal inputs and products may count as zero (AVX512_BF16 does so). */
SK_API sk_status sk_gemm_bf16(sk_context* context, int64_t m, int64_t n, int64_t k, const uint16_t* a,
                              int64_t lda, const uint16_t* b, int64_t ldb, float* c, int64_t ldc) SK_NOEXCEPT;

/* c[i][j] = sum over p of a[i][p] * b[j][p], exact: a[m x k] unsigned, b[n x k] signed, c[m x n] int32.
 * k is at most 65793, the longest sum that cannot overflow. */
SK_API sk_status sk_dot_u8s8(sk_context* context, int64_t m, int64_t n, int64_t k, const uint8_t* a,
                             int64_t lda, const int8_t* b, int64_t ldb, int32_t* c, int64_t ldc) SK_NOEXCEPT;

/* y[r][j] = exp(x[r][j]) / sum over i of exp(x[r][i]), for rows x cols binary32, shifted by the row's
 * maximum so that it cannot overflow. An element of -infinity gives 0; a row with NaN, +infinity or
 * nothing but -infinity has unspecified values. */
SK_API sk_status sk_softmax_f32(sk_context* context, int64_t rows, int64_t cols, const float* x, int64_t ldx,
                                float* y, int64_t ldy) SK_NOEXCEPT;

/* bf16[i] = f32[i] rounded to nearest, ties to even; NaN stays NaN. count elements, on the CPU.
 * Both pointers may be NULL when count is 0. */
SK_API void sk_bf16_from_f32(const float* f32, uint16_t* bf16, size_t count) SK_NOEXCEPT;

/* f32[i] = bf16[i], exact. count elements, on the CPU. */
SK_API void sk_f32_from_bf16(const uint16_t* bf16, float* f32, size_t count) SK_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif

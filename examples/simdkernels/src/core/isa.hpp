#pragma once

// The instruction set this translation unit is compiled for, from the compiler's predefined macros alone.
// Flags such as -mavx512f choose it; nothing is looked up at run time.

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__) && defined(__AVX512BW__)
#define SK_AVX512 1
#else
#define SK_AVX512 0
#endif

#if SK_AVX512 && defined(__AVX512BF16__)
#define SK_AVX512BF16 1
#else
#define SK_AVX512BF16 0
#endif

#if SK_AVX512 && defined(__AVX512VNNI__)
#define SK_AVX512VNNI 1
#else
#define SK_AVX512VNNI 0
#endif

#if defined(__AVX2__) && defined(__FMA__)
#define SK_AVX2 1
#else
#define SK_AVX2 0
#endif

#if defined(__AVX__)
#define SK_AVX 1
#else
#define SK_AVX 0
#endif

#if defined(__aarch64__) && defined(__ARM_NEON)
#define SK_NEON 1
#else
#define SK_NEON 0
#endif

namespace simdkernels {

// Name reported by sk_isa().
constexpr const char* isa_name() {
#if SK_AVX512BF16 && SK_AVX512VNNI
  return "avx512bf16vnni";
#elif SK_AVX512BF16
  return "avx512bf16";
#elif SK_AVX512VNNI
  return "avx512vnni";
#elif SK_AVX512
  return "avx512";
#elif SK_AVX2
  return "avx2";
#elif SK_AVX
  return "avx";
#elif SK_NEON && defined(__ARM_FEATURE_SVE2)
  return "armv9";
#elif SK_NEON && defined(__ARM_FEATURE_DOTPROD) && defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
  return "armv8_2";
#else
  return "baseline";
#endif
}

}  // namespace simdkernels

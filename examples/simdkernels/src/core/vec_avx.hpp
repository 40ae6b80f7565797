#pragma once

#include <cstdint>

#include <immintrin.h>

namespace simdkernels {

// See vec.hpp. Needs AVX; integer steps use AVX2 where it is there and two 128-bit halves otherwise.
struct Vec {
  using Reg = __m256;
  static constexpr int kWidth = 8;
  static constexpr int kTileRows = 6;

  static Reg zero() { return _mm256_setzero_ps(); }
  static Reg splat(float x) { return _mm256_set1_ps(x); }
  static Reg load(const float* p) { return _mm256_loadu_ps(p); }
  static void store(float* p, Reg x) { _mm256_storeu_ps(p, x); }
  static Reg from_bf16(const std::uint16_t* p) {
    const __m128i narrow = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i none = _mm_setzero_si128();
    return join(_mm_unpacklo_epi16(none, narrow), _mm_unpackhi_epi16(none, narrow));
  }

  static Reg add(Reg a, Reg b) { return _mm256_add_ps(a, b); }
  static Reg mul(Reg a, Reg b) { return _mm256_mul_ps(a, b); }
  static Reg max(Reg a, Reg b) { return _mm256_max_ps(a, b); }
  static Reg fma(Reg a, Reg b, Reg c) {
#if defined(__FMA__)
    return _mm256_fmadd_ps(a, b, c);
#else
    return _mm256_add_ps(_mm256_mul_ps(a, b), c);
#endif
  }

  static Reg round(Reg x) {
    return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  static Reg pow2(Reg x) {
    const __m256i exponent = _mm256_cvtps_epi32(x);
#if defined(__AVX2__)
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(exponent, _mm256_set1_epi32(127)), 23));
#else
    const __m128i bias = _mm_set1_epi32(127);
    return join(_mm_slli_epi32(_mm_add_epi32(_mm256_castsi256_si128(exponent), bias), 23),
                _mm_slli_epi32(_mm_add_epi32(_mm256_extractf128_si256(exponent, 1), bias), 23));
#endif
  }
  static Reg keep_at_least(Reg value, Reg x, float limit) {
    return _mm256_and_ps(value, _mm256_cmp_ps(x, _mm256_set1_ps(limit), _CMP_GE_OQ));
  }

  static float sum(Reg x) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
  }
  static float largest(Reg x) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
  }

 private:
  static Reg join(__m128i low, __m128i high) {
    return _mm256_castsi256_ps(_mm256_insertf128_si256(_mm256_castsi128_si256(low), high, 1));
  }
};

}  // namespace simdkernels

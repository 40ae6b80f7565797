#pragma once

#include <cstdint>

#include "isa.hpp"
#include <immintrin.h>

namespace simdkernels {

// Kernels for RowDots: unsigned times signed bytes, exact 32-bit sums. VPMADDUBSW is not used: it
// saturates its 16-bit sums.
struct U8S8Types {
  using A = std::uint8_t;
  using B = std::int8_t;
  using C = std::int32_t;
};

#if SK_AVX512VNNI

// VPDPBUSD: four products per 32-bit element and instruction.
struct U8S8Kernel : U8S8Types {
  using Sum = __m512i;
  using LoadedA = __m512i;
  using LoadedB = __m512i;
  static constexpr int kStep = 64;
  static constexpr int kTile = 4;
  static LoadedA load_a(const A* p) { return _mm512_loadu_si512(p); }
  static LoadedB load_b(const B* p) { return _mm512_loadu_si512(p); }
  static Sum zero() { return _mm512_setzero_si512(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return _mm512_dpbusd_epi32(sum, a, b); }
  static C reduce(Sum sum) { return _mm512_reduce_add_epi32(sum); }
};

#elif SK_AVX512

// Widened to 16 bits, VPMADDWD.
struct U8S8Kernel : U8S8Types {
  using Sum = __m512i;
  using LoadedA = __m512i;
  using LoadedB = __m512i;
  static constexpr int kStep = 32;
  static constexpr int kTile = 4;
  static __m256i bytes(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
  static LoadedA load_a(const A* p) { return _mm512_cvtepu8_epi16(bytes(p)); }
  static LoadedB load_b(const B* p) { return _mm512_cvtepi8_epi16(bytes(p)); }
  static Sum zero() { return _mm512_setzero_si512(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b)); }
  static C reduce(Sum sum) { return _mm512_reduce_add_epi32(sum); }
};

#else

inline std::int32_t sum_of(__m128i x) {
  x = _mm_add_epi32(x, _mm_unpackhi_epi64(x, x));
  return _mm_cvtsi128_si32(_mm_add_epi32(x, _mm_shuffle_epi32(x, 1)));
}

#if SK_AVX2

struct U8S8Kernel : U8S8Types {
  using Sum = __m256i;
  using LoadedA = __m256i;
  using LoadedB = __m256i;
  static constexpr int kStep = 16;
  static constexpr int kTile = 3;
  static __m128i bytes(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
  static LoadedA load_a(const A* p) { return _mm256_cvtepu8_epi16(bytes(p)); }
  static LoadedB load_b(const B* p) { return _mm256_cvtepi8_epi16(bytes(p)); }
  static Sum zero() { return _mm256_setzero_si256(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)); }
  static C reduce(Sum sum) {
    return sum_of(_mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1)));
  }
};

#else

// AVX has no 256-bit integer arithmetic; it implies SSE4.1, which widens eight bytes.
struct U8S8Kernel : U8S8Types {
  using Sum = __m128i;
  using LoadedA = __m128i;
  using LoadedB = __m128i;
  static constexpr int kStep = 8;
  static constexpr int kTile = 3;
  static __m128i bytes(const void* p) { return _mm_loadl_epi64(static_cast<const __m128i*>(p)); }
  static LoadedA load_a(const A* p) { return _mm_cvtepu8_epi16(bytes(p)); }
  static LoadedB load_b(const B* p) { return _mm_cvtepi8_epi16(bytes(p)); }
  static Sum zero() { return _mm_setzero_si128(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return _mm_add_epi32(sum, _mm_madd_epi16(a, b)); }
  static C reduce(Sum sum) { return sum_of(sum); }
};

#endif
#endif

}  // namespace simdkernels

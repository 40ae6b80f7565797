#include <cstdint>

#include "isa.hpp"
#include "kernels.hpp"
#include "row_dots.hpp"
#include "vec.hpp"

namespace simdkernels {
namespace {

#if SK_AVX512BF16

// VDPBF16PS: two products per binary32 element and instruction.
struct Bf16Kernel {
  using A = std::uint16_t;
  using B = std::uint16_t;
  using C = float;
  using Sum = __m512;
  using LoadedA = __m512bh;
  using LoadedB = __m512bh;
  static constexpr int kStep = 32;
  static constexpr int kTile = 4;
  static LoadedA load_a(const A* p) { return (__m512bh)_mm512_loadu_si512(p); }
  static LoadedB load_b(const B* p) { return load_a(p); }
  static Sum zero() { return _mm512_setzero_ps(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return _mm512_dpbf16_ps(sum, a, b); }
  static C reduce(Sum sum) { return _mm512_reduce_add_ps(sum); }
};

#else

// Without bf16 instructions: widen, then multiply and add in binary32.
struct Bf16Kernel {
  using A = std::uint16_t;
  using B = std::uint16_t;
  using C = float;
  using Sum = Vec::Reg;
  using LoadedA = Vec::Reg;
  using LoadedB = Vec::Reg;
  static constexpr int kStep = Vec::kWidth;
  static constexpr int kTile = SK_AVX512 || SK_NEON ? 4 : 3;
  static LoadedA load_a(const A* p) { return Vec::from_bf16(p); }
  static LoadedB load_b(const B* p) { return Vec::from_bf16(p); }
  static Sum zero() { return Vec::zero(); }
  static Sum dot(Sum sum, LoadedA a, LoadedB b) { return Vec::fma(a, b, sum); }
  static C reduce(Sum sum) { return Vec::sum(sum); }
};

#endif

}  // namespace

void gemm_bf16(const sk_product& product) {
  RowDots<Bf16Kernel>(product).run();
}

}  // namespace simdkernels

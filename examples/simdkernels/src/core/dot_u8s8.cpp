#include "isa.hpp"
#include "kernels.hpp"
#include "row_dots.hpp"

#if SK_AVX512 || SK_AVX
#include "u8s8_x86.hpp"
#elif SK_NEON
#include "u8s8_arm.hpp"
#else
#include "u8s8_portable.hpp"
#endif

namespace simdkernels {

void dot_u8s8(const sk_product& product) {
  RowDots<U8S8Kernel>(product).run();
}

}  // namespace simdkernels

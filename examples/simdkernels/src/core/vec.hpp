#pragma once

#include "isa.hpp"

// Vec is the widest vector of binary32 numbers of this instruction set. Every header below defines the
// same struct of static functions:
//   Reg, kWidth            register type and its number of elements
//   kTileRows              rows of a GEMM tile two Vec wide that fit the register file
//   zero splat load store  as they say; no alignment needed
//   from_bf16              kWidth bf16 numbers, widened
//   add mul max fma        element-wise; fma(a, b, c) = a * b + c, fused where the CPU can
//   round                  to the nearest integer, for |x| < 2^22
//   pow2                   2^x for integral x in [-126, 127]
//   keep_at_least          value where x >= limit, else 0
//   sum largest            over the elements
#if SK_AVX512
#include "vec_avx512.hpp"
#elif SK_AVX
#include "vec_avx.hpp"
#elif SK_NEON
#include "vec_neon.hpp"
#else
#include "vec_portable.hpp"
#endif

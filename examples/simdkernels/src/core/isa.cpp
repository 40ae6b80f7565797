#include "isa.hpp"

#include "simdkernels/simdkernels.h"

extern "C" const char* sk_version() noexcept {
  return SIMDKERNELS_VERSION;
}

extern "C" const char* sk_isa() noexcept {
  return simdkernels::isa_name();
}

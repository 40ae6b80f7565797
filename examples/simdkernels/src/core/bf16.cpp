#include <bit>
#include <cstddef>
#include <cstdint>

#include "simdkernels/simdkernels.h"

// Plain integer arithmetic on purpose: VCVTNEPS2BF16 would turn subnormal numbers into zero, and the
// compiler vectorises these loops for whatever instruction set it is given.

extern "C" void sk_bf16_from_f32(const float* f32, std::uint16_t* bf16, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(f32[i]);
    const std::uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
    const std::uint32_t quiet_nan = (bits >> 16) | 0x40U;
    bf16[i] = static_cast<std::uint16_t>((bits & 0x7FFFFFFFU) > 0x7F800000U ? quiet_nan : rounded);
  }
}

extern "C" void sk_f32_from_bf16(const std::uint16_t* bf16, float* f32, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    f32[i] = std::bit_cast<float>(static_cast<std::uint32_t>(bf16[i]) << 16);
}

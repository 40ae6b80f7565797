#include <bit>
#include <cstdint>

#include "checks.hpp"

namespace selftest {
namespace {

std::uint16_t narrowed(std::uint32_t bits) {
  const auto value = std::bit_cast<float>(bits);
  std::uint16_t result = 0;
  sk_bf16_from_f32(&value, &result, 1);
  return result;
}

bool is_nan(std::uint16_t x) {
  return (x & 0x7FFFU) > 0x7F80U;
}

}  // namespace

void check_bf16(Report& report) {
  int changed = 0;
  for (std::uint32_t i = 0; i < 0x10000U; ++i) {
    const auto from = static_cast<std::uint16_t>(i);
    float wide = 0;
    sk_f32_from_bf16(&from, &wide, 1);
    const std::uint16_t back = narrowed(std::bit_cast<std::uint32_t>(wide));
    if (is_nan(from) ? !is_nan(back) : back != from) ++changed;
  }
  report.check(changed == 0, "bf16 conversion there and back: %d of 65536 numbers changed, none allowed",
               changed);

  struct Case {
    const char* what;
    std::uint32_t from;
    std::uint16_t to;
  };
  const Case cases[] = {
      {"just below a tie goes down", 0x3F807FFFU, 0x3F80U},
      {"tie to even, down", 0x3F808000U, 0x3F80U},
      {"tie to even, up", 0x3F818000U, 0x3F82U},
      {"just above a tie goes up", 0x3F808001U, 0x3F81U},
      {"carry into the exponent", 0x3FFFFFFFU, 0x4000U},
      {"overflow to infinity", 0x7F7FFFFFU, 0x7F80U},
      {"subnormal number kept", 0x00018000U, 0x0002U},
      {"NaN in the lower bits", 0x7F800001U, 0x7FC0U},
  };
  for (const Case& one : cases) {
    const std::uint16_t got = narrowed(one.from);
    report.check(got == one.to, "bf16 conversion, %s: 0x%08X gives 0x%04X, expected 0x%04X", one.what,
                 static_cast<unsigned>(one.from), static_cast<unsigned>(got), static_cast<unsigned>(one.to));
  }
}

}  // namespace selftest

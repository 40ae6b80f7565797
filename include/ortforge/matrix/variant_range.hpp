// Many variants in few words: every SM of a list with every ISA of another.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

struct VariantRange {
  std::string line;
  std::string cuda;    // empty: CPU
  std::string python;  // empty: none
  std::vector<int> sms;
  std::vector<std::string> isas;

  std::size_t count() const { return (sms.empty() ? 1 : sms.size()) * isas.size(); }
  bool operator==(const VariantRange&) const = default;
};

// Ranges that hold exactly these variants, in their order; SMs of a line with the same ISAs are one range.
std::vector<VariantRange> variant_ranges(const std::vector<Variant>& variants);

// "cuda12_9 (Python 3.13): sm100, sm120 with avx2, avx512"; "cpu: avx2".
std::string describe(const VariantRange& range);

}  // namespace ortforge

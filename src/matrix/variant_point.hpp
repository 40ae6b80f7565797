// Points of a branch without their feasibility.
#pragma once

#include <optional>
#include <string>

#include "ortforge/matrix/matrix.hpp"

namespace ortforge::matrix_detail {

// The variant of a line with this SM (none on CPU lines) and ISA, whether or not the line offers it.
Variant variant_point(const Matrix& matrix, const Product& product, const Branch& branch, const Line& line,
                      std::optional<int> sm, const std::string& isa);

// The line of a branch that offers the SM and ISA with this Python and toolkit; null: there is none.
const Line* line_offering(const Branch& branch, const std::string& cuda, const std::string& python,
                          std::optional<int> sm, const std::string& isa);

// "CUDA 13.0, SM 90, avx512, Python 3.13", "the CPU alone, avx2, Python 3.13".
std::string axes_words(const Variant& variant);

}  // namespace ortforge::matrix_detail

// A matrix made by hand: one product with a CPU line, on x86-64.
#pragma once

#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// Product "demo", branch "1", line "cpu" with ISA avx2; one source "demo"; components prepare and core. Tests
// change what they are about.
Matrix small_matrix();

// The branch "1" of product "demo".
Branch& demo_branch(Matrix& matrix);

// The one variant of small_matrix().
Variant demo_variant(const Matrix& matrix);

}  // namespace ortforge

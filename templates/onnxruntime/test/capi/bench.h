// How long the models take.
#pragma once

#include "library.h"

// Runs every model but those of single operators (op_...) `runs` times on one thread (after a tenth as many
// runs to warm up) and prints one JSON object:
// {"version": "1.21.0", "threads": 1, "runs": 100, "median_us": {"convnet": 123.4, ...}}. Returns 1, or 0
// after a FAIL line.
int bench_models(const struct library* library, const struct manifest* manifest, size_t runs);

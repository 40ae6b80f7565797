// Does a model give the values that were computed independently?
#pragma once

#include "library.h"

// Runs `model` once and compares every output in type, shape and values; on CUDA with ten times the
// tolerances, as sums are taken in another order there. Prints one line per output, with the largest error
// and where it is; returns 1 if all agree. With library->profile, `operators` have to be seen running on CUDA
// (check_profile) too.
int check_model(const struct library* library, const struct model* model, const char* operators);

// Does a model give the values that were computed independently?
#pragma once

#include "library.h"

// Runs `model` once and compares every output in type, shape and values. Prints one line per output, with the
// largest error and where it is; returns 1 if all agree.
int check_model(const struct library* library, const struct model* model);

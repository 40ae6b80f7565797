// A step on record with its lists: the row, its variants and its artefacts. Inner header of `record`.
#pragma once

#include <cstdint>

#include "sqlite.hpp"

#include "ortforge/build/recorder.hpp"

namespace ortforge::record_detail {

// Both let SQLite::Exception through; callers are inside guarded().

// Writes a step, its variants and artefacts; its id. Inside the caller's transaction.
std::int64_t insert_step(Connection& connection, const StepRecord& step);

// Adds variants and artefacts to a step that read_step() gave.
void read_lists(Connection& connection, StepRecord& step);

}  // namespace ortforge::record_detail

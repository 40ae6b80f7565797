#pragma once

#include "provider.h"

namespace simdkernels {

// Loads libsimdkernels_<name>.so from the folder that holds this library and checks that it belongs to this
// version. Null on failure, with status (SK_PROVIDER_MISSING, SK_PROVIDER_UNUSABLE, SK_OUT_OF_MEMORY) and the
// reason in why. A loaded provider stays loaded: unloading a library that has used a GPU is not safe.
const sk_provider_table* load_provider_library(const char* name, sk_message why, sk_status& status) noexcept;

}  // namespace simdkernels

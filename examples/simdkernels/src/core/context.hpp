#pragma once

#include "provider.h"

// What stands behind the public sk_context: the provider in use, its state, the last error's text.
struct sk_context {
  const sk_provider_table* provider;
  void* state;
  char error[512];
};

namespace simdkernels {

// Writes a printf-style text into message, shortened to its size.
[[gnu::format(printf, 2, 3)]] void write_message(sk_message message, const char* format, ...);

// The place in a context where error texts go.
inline sk_message error_of(sk_context& context) {
  return {context.error, sizeof context.error};
}

}  // namespace simdkernels

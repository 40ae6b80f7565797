#include "context.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <new>

#include "kernels.hpp"
#include "provider_library.hpp"

namespace simdkernels {

void write_message(sk_message message, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message.text, message.size, format, arguments);
  va_end(arguments);
}

namespace {

// The provider's table by name, loaded when it is not the CPU's; null with status and text on failure.
const sk_provider_table* find_provider(const char* name, sk_message why, sk_status& status) {
  if (std::strcmp(name, "cpu") == 0) return &cpu_provider();
  if (std::strcmp(name, "cuda") == 0) return load_provider_library(name, why, status);
  status = SK_INVALID_ARGUMENT;
  write_message(why, "provider \"%s\" is unknown; expected \"cpu\" or \"cuda\"", name);
  return nullptr;
}

}  // namespace
}  // namespace simdkernels

using simdkernels::error_of;

sk_status sk_context_create(sk_context** out) noexcept {
  if (out == nullptr) return SK_INVALID_ARGUMENT;
  *out = new (std::nothrow) sk_context{&simdkernels::cpu_provider(), nullptr, {}};
  return *out == nullptr ? SK_OUT_OF_MEMORY : SK_OK;
}

void sk_context_destroy(sk_context* context) noexcept {
  if (context == nullptr) return;
  context->provider->close(context->state);
  delete context;
}

sk_status sk_use_provider(sk_context* context, const char* name) noexcept {
  if (context == nullptr) return SK_INVALID_ARGUMENT;
  if (name == nullptr) {
    simdkernels::write_message(error_of(*context),
                               "sk_use_provider: name is NULL; expected \"cpu\" or \"cuda\"");
    return SK_INVALID_ARGUMENT;
  }
  sk_message why = error_of(*context);
  sk_status status = SK_OK;
  const sk_provider_table* const provider = simdkernels::find_provider(name, why, status);
  if (provider == nullptr) return status;

  void* state = nullptr;
  status = provider->open(&state, &why);
  if (status != SK_OK) return status;
  context->provider->close(context->state);
  context->provider = provider;
  context->state = state;
  return SK_OK;
}

const char* sk_provider(const sk_context* context) noexcept {
  return context == nullptr ? "" : context->provider->name;
}

const char* sk_device(const sk_context* context) noexcept {
  return context == nullptr ? "" : context->provider->device(context->state);
}

const char* sk_last_error(const sk_context* context) noexcept {
  return context == nullptr ? "the context is NULL" : context->error;
}

const char* sk_status_text(sk_status status) noexcept {
  switch (status) {
    case SK_OK:
      return "ok";
    case SK_INVALID_ARGUMENT:
      return "invalid argument";
    case SK_PROVIDER_MISSING:
      return "the provider's library is missing";
    case SK_PROVIDER_UNUSABLE:
      return "the provider's library cannot be used";
    case SK_NO_DEVICE:
      return "no usable driver or device";
    case SK_UNSUPPORTED_DEVICE:
      return "the provider holds no code for this device";
    case SK_OUT_OF_MEMORY:
      return "out of memory";
    case SK_DEVICE_FAILED:
      return "the device failed";
  }
  return "unknown status";
}

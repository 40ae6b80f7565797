// A libonnxruntime.so opened with dlopen, and sessions on it that use one thread.
#pragma once

#include "manifest.h"
#include <onnxruntime_c_api.h>

struct library {
  void* handle;
  const OrtApiBase* base;
  const OrtApi* api;
  OrtEnv* env;
};

// A model loaded with its inputs ready: run it as often as wanted.
struct session {
  const struct library* library;
  const struct model* model;
  OrtSession* session;
  OrtMemoryInfo* memory;
  OrtValue* inputs[MAX_TENSORS];
};

// ONNX Runtime's name for the type.
ONNXTensorElementDataType element_type(enum value_type type);

// Each of these returns 1, or prints one line that begins with FAIL on standard output and returns 0.

// Opens the shared library at `path` and makes an environment that logs warnings.
int library_open(const char* path, struct library* library);

int session_open(const struct library* library, const struct model* model, struct session* session);

// Runs the model. `outputs` holds model->output_count empty places; release each with
// library->api->ReleaseValue.
int session_run(const struct session* session, OrtValue** outputs);

// Passes `status` through: NULL is success. Otherwise prints `what` and the message, and releases it.
int succeeded(const struct library* library, OrtStatus* status, const char* what);

void session_close(struct session* session);

// Releases the environment. The library stays mapped until the process ends, as it does in most programs.
void library_close(struct library* library);

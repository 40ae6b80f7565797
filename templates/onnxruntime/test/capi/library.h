// A libonnxruntime.so opened with dlopen, and sessions on it that use one thread.
#pragma once

#include "manifest.h"
#include <onnxruntime_c_api.h>

struct library {
  void* handle;
  const OrtApiBase* base;
  const OrtApi* api;
  OrtEnv* env;
  // Set by the caller once the library is open; all 0 for sessions on the CPU.
  int cuda;             // sessions try the CUDA provider first; matrix products and convolutions without TF32
  int built_for;        // SM of the CUDA provider
  int device;           // SM of this machine's GPU
  const char* profile;  // start of the name of the files that sessions write their profile to; NULL: none
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

// Ends the profile of a session and gives the name of its file; free it.
char* session_end_profile(const struct session* session);

// Whether sessions on CUDA can be made: 1, or 0 after a FAIL line; -1 after ONNX Runtime's error and a line
// that begins with "skipped: ", where this machine has no GPU or lacks a CUDA library. Sets library->device.
int cuda_ready(struct library* library, const struct model* model);

// Passes `status` through: NULL is success. Otherwise prints `what` and the message, and releases it.
int succeeded(const struct library* library, OrtStatus* status, const char* what);

void session_close(struct session* session);

// Releases the environment. The library stays mapped until the process ends, as it does in most programs.
void library_close(struct library* library);

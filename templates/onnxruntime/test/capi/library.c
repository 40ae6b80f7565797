#include "library.h"

#include "gpu.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int succeeded(const struct library* library, OrtStatus* status, const char* what) {
  if (!status) return 1;
  const char* message = library->api->GetErrorMessage(status);
  printf("FAIL %s: %s\n", what, message);
  if (library->cuda && says_no_kernel_image(message)) {
    char text[128];
    printf("FAIL %s: %s\n", what, wrong_sm(library->built_for, library->device, text, sizeof text));
  }
  library->api->ReleaseStatus(status);
  return 0;
}

int library_open(const char* path, struct library* library) {
  *library = (struct library){0};
  library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library->handle) return printf("FAIL load: %s\n", dlerror()), 0;

  const OrtApiBase* (*get_base)(void) = NULL;
  void* symbol = dlsym(library->handle, "OrtGetApiBase");
  if (!symbol) return printf("FAIL load: %s: no symbol OrtGetApiBase\n", path), 0;
  memcpy(&get_base, &symbol, sizeof get_base);  // ISO C has no cast from an object to a function pointer

  library->base = get_base();
  library->api = library->base->GetApi(ORT_API_VERSION);
  if (!library->api) {
    printf("FAIL load: %s (version %s) does not offer API version %d of its header\n", path,
           library->base->GetVersionString(), ORT_API_VERSION);
    return 0;
  }
  OrtStatus* status = library->api->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "ortforge-check", &library->env);
  return succeeded(library, status, "CreateEnv");
}

void library_close(struct library* library) {
  if (library->env) library->api->ReleaseEnv(library->env);
  library->env = NULL;
}

// Sequential execution in the calling thread; everything else as the library has it by default.
static int use_one_thread(const struct library* library, OrtSessionOptions* options) {
  const OrtApi* api = library->api;
  return succeeded(library, api->SetIntraOpNumThreads(options, 1), "SetIntraOpNumThreads") &&
         succeeded(library, api->SetInterOpNumThreads(options, 1), "SetInterOpNumThreads") &&
         succeeded(library, api->SetSessionExecutionMode(options, ORT_SEQUENTIAL), "SetSessionExecutionMode");
}

// The CUDA provider before the CPU's; NULL is success.
static OrtStatus* append_cuda(const struct library* library, OrtSessionOptions* options) {
  static const char *const kKeys[] = {"use_tf32"}, *const kValues[] = {"0"};
  const OrtApi* api = library->api;
  OrtCUDAProviderOptionsV2* cuda = NULL;
  OrtStatus* status = api->CreateCUDAProviderOptions(&cuda);
  if (!status) status = api->UpdateCUDAProviderOptions(cuda, kKeys, kValues, 1);
  if (!status) status = api->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda);
  if (cuda) api->ReleaseCUDAProviderOptions(cuda);
  return status;
}

static int place(const struct library* library, OrtSessionOptions* options) {
  if (library->cuda && !succeeded(library, append_cuda(library, options), "CUDA provider")) return 0;
  return !library->profile ||
         succeeded(library, library->api->EnableProfiling(options, library->profile), "EnableProfiling");
}

// A session on CUDA, made and released; NULL is success.
static OrtStatus* try_cuda(const struct library* library, const struct model* model) {
  const OrtApi* api = library->api;
  OrtSessionOptions* options = NULL;
  OrtSession* session = NULL;
  OrtStatus* status = api->CreateSessionOptions(&options);
  if (!status) status = append_cuda(library, options);
  if (!status) status = api->CreateSession(library->env, model->path, options, &session);
  if (session) api->ReleaseSession(session);
  if (options) api->ReleaseSessionOptions(options);
  return status;
}

int cuda_ready(struct library* library, const struct model* model) {
  struct gpu gpu = gpu_find();
  library->device = gpu.sm;
  OrtStatus* status = try_cuda(library, model);
  char missing[128] = "";
  int lacks = status && missing_library(library->api->GetErrorMessage(status), missing, sizeof missing);
  if (gpu.present && !lacks) return succeeded(library, status, "CUDA provider");
  if (status) {
    printf("ONNX Runtime: %s\n", library->api->GetErrorMessage(status));
    library->api->ReleaseStatus(status);
  }
  if (!gpu.present) {
    printf("skipped: no GPU here: %s\n", gpu.why);
  } else {
    printf("skipped: no CUDA libraries here: %s is missing\n", missing);
  }
  return -1;
}

ONNXTensorElementDataType element_type(enum value_type type) {
  static const ONNXTensorElementDataType kTypes[] = {[VALUE_F32] = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                                                     [VALUE_U8] = ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8,
                                                     [VALUE_I32] = ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32};
  return kTypes[type];
}

static int make_inputs(struct session* session) {
  const struct library* library = session->library;
  for (size_t i = 0; i < session->model->input_count; ++i) {
    const struct tensor* input = &session->model->inputs[i];
    OrtStatus* status = library->api->CreateTensorWithDataAsOrtValue(
        session->memory, input->values, input->count * value_size(input->type), input->shape, input->rank,
        element_type(input->type), &session->inputs[i]);
    if (!succeeded(library, status, input->name)) return 0;
  }
  return 1;
}

int session_open(const struct library* library, const struct model* model, struct session* session) {
  const OrtApi* api = library->api;
  *session = (struct session){.library = library, .model = model};
  OrtSessionOptions* options = NULL;
  int good =
      succeeded(library, api->CreateSessionOptions(&options), "CreateSessionOptions") &&
      use_one_thread(library, options) && place(library, options) &&
      succeeded(library, api->CreateSession(library->env, model->path, options, &session->session),
                model->path) &&
      succeeded(library, api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &session->memory),
                "CreateCpuMemoryInfo") &&
      make_inputs(session);
  if (options) api->ReleaseSessionOptions(options);
  if (!good) session_close(session);
  return good;
}

int session_run(const struct session* session, OrtValue** outputs) {
  const struct model* model = session->model;
  const char *input_names[MAX_TENSORS], *output_names[MAX_TENSORS];
  for (size_t i = 0; i < model->input_count; ++i) input_names[i] = model->inputs[i].name;
  for (size_t i = 0; i < model->output_count; ++i) output_names[i] = model->outputs[i].name;
  OrtStatus* status =
      session->library->api->Run(session->session, NULL, input_names, (const OrtValue* const*)session->inputs,
                                 model->input_count, output_names, model->output_count, outputs);
  return succeeded(session->library, status, model->name);
}

char* session_end_profile(const struct session* session) {
  const OrtApi* api = session->library->api;
  OrtAllocator* allocator = NULL;
  char *theirs = NULL, *file = NULL;
  if (!succeeded(session->library, api->GetAllocatorWithDefaultOptions(&allocator), "allocator") ||
      !succeeded(session->library, api->SessionEndProfiling(session->session, allocator, &theirs),
                 "profile")) {
    return NULL;
  }
  size_t size = strlen(theirs) + 1;
  file = malloc(size);
  if (file) memcpy(file, theirs, size);
  allocator->Free(allocator, theirs);
  return file;
}

void session_close(struct session* session) {
  const OrtApi* api = session->library->api;
  for (size_t i = 0; i < session->model->input_count; ++i) {
    if (session->inputs[i]) api->ReleaseValue(session->inputs[i]);
  }
  if (session->memory) api->ReleaseMemoryInfo(session->memory);
  if (session->session) api->ReleaseSession(session->session);
  *session = (struct session){.library = session->library, .model = session->model};
}

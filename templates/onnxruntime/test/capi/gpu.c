#include "gpu.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// Of the driver API (cuda.h), which a machine that compiles this need not have.
enum { CUDA_OK = 0, COMPUTE_CAPABILITY_MAJOR = 75, COMPUTE_CAPABILITY_MINOR = 76 };

struct driver {
  int (*init)(unsigned);
  int (*device_count)(int*);
  int (*device_get)(int*, int);
  int (*device_name)(char*, int, int);
  int (*device_attribute)(int*, int, int);
};

static int find(void* library, const char* name, void* function) {
  void* symbol = dlsym(library, name);
  if (symbol) memcpy(function, &symbol, sizeof symbol);  // ISO C has no cast to a function pointer
  return symbol != NULL;
}

static int open_driver(struct driver* driver, char* why, size_t size) {
  void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return snprintf(why, size, "no CUDA driver (libcuda.so.1)"), 0;
  if (find(library, "cuInit", &driver->init) && find(library, "cuDeviceGetCount", &driver->device_count) &&
      find(library, "cuDeviceGet", &driver->device_get) &&
      find(library, "cuDeviceGetName", &driver->device_name) &&
      find(library, "cuDeviceGetAttribute", &driver->device_attribute)) {
    return 1;
  }
  return snprintf(why, size, "libcuda.so.1 lacks a function"), 0;
}

struct gpu gpu_find(void) {
  struct gpu gpu = {0};
  struct driver driver;
  if (!open_driver(&driver, gpu.why, sizeof gpu.why)) return gpu;
  int status = driver.init(0), count = 0, device = 0, major = 0, minor = 0;
  if (status != CUDA_OK || driver.device_count(&count) != CUDA_OK || count == 0) {
    snprintf(gpu.why, sizeof gpu.why, "the CUDA driver finds no device (cuInit: %d)", status);
    return gpu;
  }
  if (driver.device_get(&device, 0) != CUDA_OK ||
      driver.device_name(gpu.name, (int)sizeof gpu.name, device) != CUDA_OK ||
      driver.device_attribute(&major, COMPUTE_CAPABILITY_MAJOR, device) != CUDA_OK ||
      driver.device_attribute(&minor, COMPUTE_CAPABILITY_MINOR, device) != CUDA_OK) {
    snprintf(gpu.why, sizeof gpu.why, "the CUDA driver does not describe its device");
    return gpu;
  }
  gpu.present = 1;
  gpu.sm = 10 * major + minor;
  return gpu;
}

int code_runs(int built_for, int device) {
  return built_for / 10 == device / 10 && built_for % 10 <= device % 10;
}

const char* wrong_sm(int built_for, int device, char* text, size_t size) {
  const char* rest = code_runs(built_for, device) ? ": the provider holds no code for it" : ", no PTX";
  snprintf(text, size, "built for sm%d, this is sm%d%s", built_for, device, rest);
  return text;
}

int says_no_kernel_image(const char* message) {
  return strstr(message, "no kernel image is available") != NULL ||
         strstr(message, "cudaErrorNoKernelImageForDevice") != NULL;
}

int missing_library(const char* message, char* name, size_t size) {
  const char* end = strstr(message, ": cannot open shared object file");
  if (!end) return 0;
  const char* begin = end;
  while (begin > message && begin[-1] != ' ' && begin[-1] != '/' && begin[-1] != '\n') --begin;
  size_t length = (size_t)(end - begin);
  if (length == 0 || length >= size) return 0;
  memcpy(name, begin, length);
  name[length] = '\0';
  return strncmp(name, "libonnxruntime", strlen("libonnxruntime")) != 0;
}

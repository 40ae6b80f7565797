// The GPU of this machine, and what errors about it mean.
#pragma once

#include <stddef.h>

struct gpu {
  int present;    // there is a driver that works, and a device
  int sm;         // 90 for compute capability 9.0
  char name[96];  // "NVIDIA H200"
  char why[160];  // why none is present
};

// Asks the CUDA driver (libcuda.so.1) for its first device.
struct gpu gpu_find(void);

// Whether machine code for one SM runs on another: same major number, minor number at least as high.
int code_runs(int built_for, int device);

// "built for sm80, this is sm90, no PTX"; where the code should have run: "built for sm90, this is sm90: the
// provider holds no code for it". Returns `text`.
const char* wrong_sm(int built_for, int device, char* text, size_t size);

// Whether an error message is CUDA's 209 (cudaErrorNoKernelImageForDevice).
int says_no_kernel_image(const char* message);

// The library that an error message of the dynamic linker names as missing ("libcublasLt.so.13"). Returns 0
// for every other message, and for libraries of ONNX Runtime itself.
int missing_library(const char* message, char* name, size_t size);

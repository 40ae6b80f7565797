# Makes src/ from sources/ for ONNX Runtime 1.21.0: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("abseil_cpp" "")
ortforge_copy("cudnn_frontend" "")
ortforge_copy("cutlass" "cutlass_library/source")
ortforge_copy("date" "")
ortforge_copy("eigen" "")
ortforge_copy("flatbuffers" "")
ortforge_copy("onnx" "")
ortforge_copy("onnxruntime" "")
ortforge_copy("protobuf" "")
ortforge_copy("pytorch_cpuinfo" "")
ortforge_copy("re2" "")
ortforge_patch("onnx" "onnxruntime" "cmake/patches/onnx/onnx.patch" "--binary" "--ignore-whitespace")
ortforge_patch("protobuf" "onnxruntime" "cmake/patches/protobuf/protobuf_cmake.patch" "--binary" "--ignore-whitespace")
ortforge_patch("flatbuffers" "onnxruntime" "cmake/patches/flatbuffers/flatbuffers.patch" "--binary" "--ignore-whitespace")

# warnings of newer compilers are no reason to stop; in a preset there is no other way to say so
ortforge_replace(0 "onnxruntime" "cmake/CMakeLists.txt" "COMPILE_WARNING_AS_ERROR ON" "COMPILE_WARNING_AS_ERROR OFF")

# the source has none of the example models, and a copy command without files fails after everything was compiled
ortforge_replace(1 "onnxruntime" "cmake/onnxruntime_python.cmake" "  COMMAND \${CMAKE_COMMAND} -E copy
      \${onnxruntime_python_datasets_data}
      \$<TARGET_FILE_DIR:\${build_output_target}>/onnxruntime/datasets/
" "")

# upstream declares utf8_range, and nothing that is built here uses it
ortforge_write_file(2 "onnxruntime" "cmake/utf8_range/CMakeLists.txt" "# Stands for utf8_range, which is declared but not used.
")

# the define that makes a core fit for a CUDA provider must reach every target that looks at it; upstream gives it to one, and
# with that the table a provider calls back into has 4 entries instead of 69
ortforge_replace(3 "onnxruntime" "cmake/CMakeLists.txt" "if(\"\${target_name}\" STREQUAL \"onnxruntime\")" "if(\"\${target_name}\" MATCHES \"^onnxruntime(_session|_providers|_framework|_optimizer|_pybind11_state)?\$\")")

# the provider has kernels for the NHWC layout, and the optimizer of the core must know which operators lack one
ortforge_replace(4 "onnxruntime" "cmake/CMakeLists.txt" "list(APPEND ORT_EXTRA_INTERFACE_FLAGS -DUSE_CUDA=1)" "list(APPEND ORT_EXTRA_INTERFACE_FLAGS -DUSE_CUDA=1 -DENABLE_CUDA_NHWC_OPS=1)")

# one file of the binding asks cuda.h and cudnn.h for their versions, and needs nothing else of CUDA
ortforge_replace(5 "onnxruntime" "cmake/onnxruntime_python.cmake" "if(onnxruntime_USE_CUDA)
    target_include_directories(onnxruntime_pybind11_state PRIVATE \${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES} \${CUDNN_INCLUDE_DIR})
endif()" "if(onnxruntime_CUDA_HEADERS)
    target_include_directories(onnxruntime_pybind11_state PRIVATE \${onnxruntime_CUDA_HEADERS})
endif()")

# the wheel holds the headers alone
ortforge_write_file(6 "cudnn_frontend" "CMakeLists.txt" "add_library(cudnn_frontend INTERFACE)
target_include_directories(cudnn_frontend INTERFACE \"\${CMAKE_CURRENT_SOURCE_DIR}/include\")
")

# 12 CUDA files use names that CUDA 13 dropped
ortforge_write_file(7 "onnxruntime" "cmake/cuda13_names.h" "// Names that ONNX Runtime 1.21 and CUTLASS 3.5.1 use and CUDA 13 dropped: function objects and limits of CUB, and
// driver entry points without a version in their name (cudaTypedefs.h has them with the suffix _v12000 only).
#pragma once
#ifdef __CUDACC__
#include <cuda.h>
#include <cudaTypedefs.h>
#if CUDA_VERSION >= 13000
#include <cuda/functional>
#include <cuda/std/functional>
#include <cuda/std/limits>
namespace cub {
using Sum = ::cuda::std::plus<>;
using Max = ::cuda::maximum<>;
using Min = ::cuda::minimum<>;
template <class T>
struct FpLimits {
  static __host__ __device__ __forceinline__ T Max() { return ::cuda::std::numeric_limits<T>::max(); }
  static __host__ __device__ __forceinline__ T Lowest() { return ::cuda::std::numeric_limits<T>::lowest(); }
};
}  // namespace cub
using PFN_cuTensorMapEncodeTiled = PFN_cuTensorMapEncodeTiled_v12000;
using PFN_cuTensorMapEncodeIm2col = PFN_cuTensorMapEncodeIm2col_v12000;
#endif
#endif
")

ortforge_preset_stub("onnxruntime/cmake")

# Makes src/ from sources/ for ONNX Runtime 1.18.1: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("abseil_cpp" "")
ortforge_copy("cutlass" "")
ortforge_copy("dlpack" "")
ortforge_copy("flatbuffers" "")
ortforge_copy("google_nsync" "")
ortforge_copy("mp11" "")
ortforge_copy("onnx" "")
ortforge_copy("onnxruntime" "")
ortforge_copy("pthreadpool" "")
ortforge_copy("pytorch_cpuinfo" "")
ortforge_copy("re2" "")
ortforge_copy("safeint" "")
ortforge_copy("utf8_range" "")

# CMake install dirs are already absolute, so the prefix must not be prepended in the pkg-config file
ortforge_replace(0 "onnxruntime" "cmake/libonnxruntime.pc.cmake.in" "\${prefix}/@CMAKE_INSTALL_" "@CMAKE_INSTALL_")

# GCC 15 no longer includes <cstdint> transitively
ortforge_replace(1 "onnxruntime" "onnxruntime/core/optimizer/transpose_optimization/optimizer_api.h" "#pragma once" "#pragma once
#include <cstdint>")

# GCC 15: missing transitive <cstring>
ortforge_replace(2 "onnxruntime" "onnxruntime/core/optimizer/transpose_optimization/onnx_transpose_optimization.cc" "#include <cassert>" "#include <cassert>
#include <cstring>")

# drop the version constraint and accept the lower-case package name (back-port from 1.20.1)
ortforge_replace(5 "onnxruntime" "cmake/external/onnxruntime_external_deps.cmake" "FIND_PACKAGE_ARGS 3.21.12 NAMES Protobuf" "FIND_PACKAGE_ARGS NAMES Protobuf protobuf")

# FetchContent Eigen does not work with FETCHCONTENT_FULLY_DISCONNECTED; use system Eigen3 (back-port from 1.20.1)
ortforge_write_file(6 "onnxruntime" "cmake/external/eigen.cmake" "find_package(Eigen3 CONFIG REQUIRED)
get_target_property(eigen_INCLUDE_DIRS Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
")

# GCC 15 emits warnings that these versions turn into errors
ortforge_replace(7 "onnxruntime" "cmake/CMakeLists.txt" "COMPILE_WARNING_AS_ERROR ON" "COMPILE_WARNING_AS_ERROR OFF")

ortforge_preset_stub("onnxruntime/cmake")

# Enables CUDA for the provider. Asks for CMAKE_CUDA_ARCHITECTURES instead of taking the compiler's default,
# because a provider for the wrong GPU is found out only where it is meant to run.
if(NOT CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
  message(FATAL_ERROR "SIMDKERNELS_CUDA=ON needs CMAKE_CUDA_ARCHITECTURES, for example 90-real or \"80-real;90-real\"")
endif()
enable_language(CUDA)

# CMake 3.25 knows no flag for C++20 with nvcc.
set(CMAKE_CUDA_STANDARD 17)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_EXTENSIONS OFF)
set(CMAKE_CUDA_VISIBILITY_PRESET hidden)
set(CMAKE_CUDA_RUNTIME_LIBRARY Static)

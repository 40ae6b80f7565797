# Takes the CUDA provider of onnxruntime-1.21.0-provider-cuda13_0-sm75-x86_64-linux out of its build tree, with the headers that speak of it.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
set(out "${root}/out/provider")
set(provider "${out}/lib/libonnxruntime_providers_cuda.so")
set(headers "${root}/src/onnxruntime/include/onnxruntime/core/providers/cuda")

file(REMOVE_RECURSE "${out}/include" "${out}/lib")
file(COPY "${root}/build/provider/libonnxruntime_providers_cuda.so" DESTINATION "${out}/lib")
file(COPY "${headers}/cuda_context.h" "${headers}/cuda_resource.h"
  DESTINATION "${out}/include/onnxruntime/core/providers/cuda")
ortforge_split_debug("${provider}" "${out}/lib")
# Looked at without the code for the GPU: nvlink notes its options there, with the toolkit's folder in the sandbox.
set(host_code "${root}/build/provider/host-code.so")
execute_process(COMMAND "${OBJCOPY}" --remove-section=.nv_fatbin --remove-section=__nv_relfatbin "${provider}" "${host_code}"
  COMMAND_ERROR_IS_FATAL ANY)
ortforge_require_no_path("${root}" "${host_code}")
file(REMOVE "${host_code}")
ortforge_plain_modes("${out}")

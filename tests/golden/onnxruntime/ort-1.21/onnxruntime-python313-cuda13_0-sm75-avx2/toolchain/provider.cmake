# Compiler and flags of onnxruntime-1.21.0-provider-cuda13_0-sm75-x86_64-linux.
include_guard(GLOBAL)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH recipe)
cmake_path(GET recipe PARENT_PATH root)
set(CMAKE_C_COMPILER gcc)
set(CMAKE_CXX_COMPILER g++)
set(instruction_set "-march=x86-64")
set(CMAKE_C_FLAGS_INIT "${instruction_set}")
set(CMAKE_CXX_FLAGS_INIT "${instruction_set}")
set(CMAKE_ASM_FLAGS_INIT "${instruction_set}")
# Debug information of lines is split off later. The prefix map takes this folder out of every path in the objects; it is
# no part of CMAKE_CXX_FLAGS because projects write those into what they build.
add_compile_options(
  "$<$<COMPILE_LANGUAGE:C,CXX,ASM>:-g1;-gz=zlib;-ffile-prefix-map=${root}/=>"
  "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-ffile-prefix-map=${root}/=>")
set(linker_flags "-Wl,-z,noexecstack -Wl,--build-id=sha1")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${linker_flags}")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "${linker_flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${linker_flags}")

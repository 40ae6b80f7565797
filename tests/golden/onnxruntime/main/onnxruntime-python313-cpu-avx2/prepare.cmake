# Makes src/ from sources/ for ONNX Runtime 1.23.2: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("abseil_cpp" "")
ortforge_copy("dlpack" "")
ortforge_copy("flatbuffers" "")
ortforge_copy("mp11" "")
ortforge_copy("onnx" "")
ortforge_copy("onnxruntime" "")
ortforge_copy("re2" "")
ortforge_copy("safeint" "")

# CMake install dirs are already absolute, so the prefix must not be prepended in the pkg-config file
ortforge_replace(0 "onnxruntime" "cmake/libonnxruntime.pc.cmake.in" "\${prefix}/@CMAKE_INSTALL_" "@CMAKE_INSTALL_")

ortforge_preset_stub("onnxruntime/cmake")

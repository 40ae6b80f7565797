# Makes src/ from sources/ for ONNX Runtime 1.21.0: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("abseil_cpp" "")
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

ortforge_preset_stub("onnxruntime/cmake")

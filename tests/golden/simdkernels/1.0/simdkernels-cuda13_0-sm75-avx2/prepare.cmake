# Makes src/ from sources/ for simdkernels 1.0.0: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("simdkernels" "")

ortforge_preset_stub("simdkernels")

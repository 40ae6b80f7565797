# Completes what onnxruntime-1.21.0-core-cpu-avx2 has installed: debug information beside the libraries, a pkg-config file that goes where
# the result goes.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/parts.cmake")
set(lib "${root}/out/core/lib")

ortforge_files(libraries "${lib}/*.so*")
if(NOT libraries MATCHES "/libonnxruntime\\.so")
  message(FATAL_ERROR "out/core/lib holds no libonnxruntime.so")
endif()
foreach(library IN LISTS libraries)
  ortforge_split_debug("${library}" "${lib}")
endforeach()
ortforge_pkg_config("${lib}/pkgconfig" "1.21.0")
file(GLOB_RECURSE texts "${lib}/cmake/*" "${lib}/pkgconfig/*")
ortforge_require_no_path("${root}" ${libraries} ${texts})
ortforge_plain_modes("${root}/out/core")

# Puts the result of onnxruntime-python313-cuda12_9-sm75-avx2 together: library, headers, CMake and pkg-config files, wheel, licences.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/parts.cmake")
set(core "${root}/out/core")
set(result "${root}/out/package")
file(REMOVE_RECURSE "${result}/dist" "${result}/include" "${result}/lib" "${result}/share")

file(COPY "${core}/include" "${core}/lib" DESTINATION "${result}")
ortforge_files(libraries "${result}/lib/*.so*")
foreach(library IN LISTS libraries)
  ortforge_split_debug("${library}" "${result}/lib")
endforeach()

ortforge_pkg_config("${result}/lib/pkgconfig" "1.22.2")
file(GLOB_RECURSE texts "${result}/lib/cmake/*" "${result}/lib/pkgconfig/*")
ortforge_require_no_path("${root}" ${libraries} ${texts})

# For applications: the C++ wrapper beside the library's headers, and a crate for Rust.
file(COPY "${CMAKE_CURRENT_LIST_DIR}/wrapper/" DESTINATION "${result}/include/onnxruntime")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/rust" DESTINATION "${result}/share/onnxruntime")

file(COPY "${core}/dist" DESTINATION "${result}")
ortforge_unpack_wheel("${result}/dist" "${result}/lib/python3.13/site-packages")

ortforge_licences("${root}/src" "${result}")
ortforge_plain_modes("${result}")

# Puts the result of simdkernels-cuda13_0-sm75-avx2 together from the installed components.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
set(result "${root}/out/package")

file(REMOVE_RECURSE "${result}/bin" "${result}/include" "${result}/lib")
file(COPY "${root}/out/core/" DESTINATION "${result}")
file(COPY "${root}/out/provider/lib" DESTINATION "${result}")

ortforge_files(programs "${result}/bin/*")
ortforge_files(libraries "${result}/lib/*.so*")
foreach(file IN LISTS programs libraries)
  cmake_path(GET file PARENT_PATH folder)
  ortforge_split_debug("${file}" "${folder}")
endforeach()
file(GLOB_RECURSE texts "${result}/lib/cmake/*" "${result}/lib/pkgconfig/*")
ortforge_require_no_path("${root}" ${programs} ${libraries} ${texts})
ortforge_plain_modes("${result}")

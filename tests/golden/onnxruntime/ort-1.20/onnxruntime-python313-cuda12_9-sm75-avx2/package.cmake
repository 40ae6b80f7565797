# Puts the result of onnxruntime-python313-cuda12_9-sm75-avx2 together: library, headers, CMake and pkg-config files, wheel, licences.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
set(core "${root}/out/core")
set(result "${root}/out/package")
file(REMOVE_RECURSE "${result}/dist" "${result}/include" "${result}/lib" "${result}/share")

file(COPY "${core}/include" "${core}/lib" DESTINATION "${result}")
ortforge_files(libraries "${result}/lib/*.so*")
foreach(library IN LISTS libraries)
  ortforge_split_debug("${library}" "${result}/lib")
endforeach()

# Upstream's file names the install prefix of the build; this one goes where the result goes.
file(WRITE "${result}/lib/pkgconfig/libonnxruntime.pc" [=[
prefix=${pcfiledir}/../..
libdir=${prefix}/lib
includedir=${prefix}/include/onnxruntime

Name: onnxruntime
Description: ONNX Runtime
URL: https://github.com/microsoft/onnxruntime
Version: 1.20.1
Libs: -L${libdir} -lonnxruntime
Cflags: -I${includedir}
]=])
file(GLOB_RECURSE texts "${result}/lib/cmake/*" "${result}/lib/pkgconfig/*")
ortforge_require_no_path("${root}" ${libraries} ${texts})

file(COPY "${core}/dist" DESTINATION "${result}")
# Unpacked too, for bin/python of the result; a wheel is a zip archive (PEP 427).
file(GLOB wheel "${result}/dist/*.whl")
file(ARCHIVE_EXTRACT INPUT "${wheel}" DESTINATION "${result}/lib/python3.13/site-packages")

# The licence of everything that is linked in.
file(GLOB sources LIST_DIRECTORIES true "${root}/src/*")
foreach(source IN LISTS sources)
  cmake_path(GET source FILENAME name)
  file(GLOB licences LIST_DIRECTORIES false "${source}/LICENSE*" "${source}/COPYING*" "${source}/ThirdPartyNotices.txt")
  if(NOT licences STREQUAL "")
    file(COPY ${licences} DESTINATION "${result}/share/licenses/${name}")
  endif()
endforeach()
ortforge_plain_modes("${result}")

# Puts the result of onnxruntime-python313-cpu-avx2 together from its components: library, headers, CMake and pkg-config files, wheel, licences.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/parts.cmake")
set(core "${root}/out/core")
set(result "${root}/out/package")
file(REMOVE_RECURSE "${result}/dist" "${result}/include" "${result}/lib" "${result}/share")

file(COPY "${core}/include" "${core}/lib" DESTINATION "${result}")

# For applications: the C++ wrapper beside the library's headers, and a crate for Rust.
file(COPY "${CMAKE_CURRENT_LIST_DIR}/wrapper/" DESTINATION "${result}/include/onnxruntime")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/rust" DESTINATION "${result}/share/onnxruntime")

# setup.py packs what lies in its current folder.
set(source "${root}/src/onnxruntime")
set(work "${root}/build/package/wheel")
file(REMOVE_RECURSE "${work}")
file(COPY "${root}/out/binding/onnxruntime" "${source}/VERSION_NUMBER" "${source}/requirements.txt" DESTINATION "${work}")
file(COPY "${core}/lib/libonnxruntime.so.1.21.0" "${core}/lib/libonnxruntime_providers_shared.so"
  DESTINATION "${work}/onnxruntime/capi")
ortforge_wheel("${source}" "${work}" "${result}/dist")
file(GLOB debug "${root}/out/binding/debug/*")
file(COPY ${debug} DESTINATION "${result}/dist")
ortforge_unpack_wheel("${result}/dist" "${result}/lib/python3.13/site-packages")

ortforge_licences("${root}/src" "${result}")
ortforge_plain_modes("${result}")

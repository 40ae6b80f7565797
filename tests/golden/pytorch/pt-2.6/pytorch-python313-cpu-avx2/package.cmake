# Puts the result of pytorch-python313-cpu-avx2 together: the wheel, the same unpacked, licences.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/wheel.cmake")
set(result "${root}/out/package")

file(REMOVE_RECURSE "${result}/dist" "${result}/lib" "${result}/share")
ortforge_finish_wheel("${root}" "${root}/out/core/dist" "${root}/build/package/wheel" "${result}/dist")
ortforge_unpack_wheel("${result}/dist" "${result}/lib/python3.13/site-packages")
file(COPY "${root}/src/pytorch/LICENSE" "${root}/src/pytorch/NOTICE" DESTINATION "${result}/share/licenses/pytorch")
ortforge_plain_modes("${result}")

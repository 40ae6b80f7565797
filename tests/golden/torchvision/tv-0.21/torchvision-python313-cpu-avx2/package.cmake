# Puts the result of torchvision-python313-cpu-avx2 together: its wheel and that of the PyTorch it is built on, both unpacked, licences.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/wheel.cmake")
set(pytorch "${root}/out/pytorch.package")
set(result "${root}/out/package")

file(REMOVE_RECURSE "${result}/dist" "${result}/lib" "${result}/share")
ortforge_finish_wheel("${root}" "${root}/out/core/dist" "${root}/build/package/wheel" "${result}/dist")
ortforge_unpack_wheel("${result}/dist" "${result}/lib/python3.13/site-packages")
file(COPY "${root}/src/torchvision/LICENSE" DESTINATION "${result}/share/licenses/torchvision")
# The store makes hard links of files that are there already.
ortforge_one_wheel(wheel "${pytorch}/dist")
file(COPY "${wheel}" DESTINATION "${result}/dist")
file(COPY "${pytorch}/lib" "${pytorch}/share" DESTINATION "${result}")
ortforge_plain_modes("${result}")

# Tests of the library and of its headers, CMake and pkg-config files.
set(library "${PACKAGE}/lib/libonnxruntime.so")
require_file("${library}" "the library of the result (PACKAGE=${PACKAGE})")
require_file("${PACKAGE}/include/onnxruntime/onnxruntime_c_api.h" "the C header of the result")
require_file("${PACKAGE}/include/onnxruntime/onnxruntime_cxx_api.h" "the C++ header of the result")
require_file("${PACKAGE}/lib/cmake/onnxruntime/onnxruntimeConfig.cmake" "the CMake package of the result")
require_file("${PACKAGE}/lib/pkgconfig/libonnxruntime.pc" "the pkg-config file of the result")
find_program(PKG_CONFIG NAMES pkg-config pkgconf REQUIRED)

add_executable(ort-check capi/check.c capi/bench.c capi/compare.c capi/gpu.c capi/library.c capi/manifest.c
  capi/profile.c)
target_compile_features(ort-check PRIVATE c_std_11)
set_target_properties(ort-check PROPERTIES C_EXTENSIONS ON)  # getopt_long, clock_gettime
target_include_directories(ort-check SYSTEM PRIVATE "${PACKAGE}/include/onnxruntime")
target_compile_options(ort-check PRIVATE -Wall -Wextra -Wshadow -Wconversion)
target_link_libraries(ort-check PRIVATE ${CMAKE_DL_LIBS} m)
if(NOT "${KIT}" STREQUAL "")
  set_target_properties(ort-check PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${KIT}")
endif()

set(check ort-check --library "${library}" --models "${models}")
add_check(capi.version - ${check} --version "${EXPECTED_VERSION}")
add_check(capi.providers - ${check} --providers "${providers}")
foreach(name IN LISTS model_names)
  add_check(capi.models.${name} - ${check} --model "${name}")
  if(EXPECTED_SM)
    gpu_arguments(on_gpu ${name} capi.${name})
    add_check(gpu.capi.models.${name} - ${check} ${on_gpu} --model "${name}")
  endif()
endforeach()
add_test(NAME capi.finds_wrong_values
  COMMAND ort-check --library "${library}" --models "${wrong_models}" --model int8)
set_tests_properties(capi.finds_wrong_values PROPERTIES PASS_REGULAR_EXPRESSION "${wrong_answer}")
add_test(NAME load.silent
  COMMAND "${CMAKE_COMMAND}" -P "${CMAKE_CURRENT_LIST_DIR}/require_silent.cmake" --
    $<TARGET_FILE:ort-check> --library "${library}" --models "${models}" --load)

set(consumer "${CMAKE_CURRENT_SOURCE_DIR}/consumer")
set(arguments "${models}/convnet.onnx" "${EXPECTED_VERSION}")
add_test(NAME consumer.find_package
  COMMAND "${CMAKE_CTEST_COMMAND}"
    --build-and-test "${consumer}" "${CMAKE_CURRENT_BINARY_DIR}/consumer" --build-noclean
    --build-generator "${CMAKE_GENERATOR}" --build-project consumer
    --build-options -Uonnxruntime_DIR "-DPACKAGE=${PACKAGE}" "-DEXPECTED_VERSION=${EXPECTED_VERSION}"
      "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
    --test-command "${CMAKE_CURRENT_BINARY_DIR}/consumer/consumer" ${arguments})
add_test(NAME consumer.pkg_config
  COMMAND "${CMAKE_COMMAND}" "-DPACKAGE=${PACKAGE}" "-DEXPECTED_VERSION=${EXPECTED_VERSION}"
    "-DPKG_CONFIG=${PKG_CONFIG}" "-DCXX=${CMAKE_CXX_COMPILER}" "-DSOURCE=${consumer}/consumer.cpp"
    "-DWORK=${CMAKE_CURRENT_BINARY_DIR}/pkg_config" "-DARGUMENTS=${arguments}"
    -P "${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake")

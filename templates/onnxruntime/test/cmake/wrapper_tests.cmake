# Tests of the C++ wrapper in three groups: usage, which reads like documentation; smoke, which links and loads in every
# way offered; validation of numbers, determinism, threads and memory.
require_file("${PACKAGE}/include/onnxruntime/ort_wrapper.hpp" "the C++ wrapper of the result")
find_package(onnxruntime ${EXPECTED_VERSION} EXACT CONFIG REQUIRED NO_DEFAULT_PATH PATHS "${PACKAGE}")
find_package(Threads REQUIRED)
find_program(PKG_CONFIG NAMES pkg-config pkgconf REQUIRED)
set(wrapper "${CMAKE_CURRENT_SOURCE_DIR}/wrapper")

# add_wrapper_program(NAME SOURCE...)
function(add_wrapper_program name)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  add_executable(${name} ${ARGN})
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_17)
  set_target_properties(${name} PROPERTIES C_EXTENSIONS ON)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wshadow -Wconversion)
  target_link_libraries(${name} PRIVATE onnxruntime::onnxruntime Threads::Threads ${CMAKE_DL_LIBS})
endfunction()

add_wrapper_program(wrapper-example wrapper/example.cpp)
add_wrapper_program(wrapper-usage wrapper/usage.cpp)
add_wrapper_program(wrapper-smoke wrapper/smoke.cpp)
add_wrapper_program(wrapper-smoke-no-exceptions wrapper/smoke.cpp)
target_compile_options(wrapper-smoke-no-exceptions PRIVATE -fno-exceptions -fno-rtti)
target_compile_definitions(wrapper-smoke-no-exceptions PRIVATE ORT_NO_EXCEPTIONS)
add_wrapper_program(wrapper-validation wrapper/validation.cpp capi/gpu.c capi/manifest.c)

foreach(case IN ITEMS one_shot from_memory what_a_model_takes options some_outputs borrowed_values providers
    cuda_if_available environment errors)
  add_test(NAME wrapper.usage.${case} COMMAND wrapper-usage "${models}" ${case})
endforeach()

add_test(NAME wrapper.usage.example COMMAND wrapper-example "${models}/convnet.onnx")

set(arguments "${models}/convnet.onnx" "${EXPECTED_VERSION}")
add_test(NAME wrapper.smoke.find_package COMMAND wrapper-smoke ${arguments})
add_test(NAME wrapper.smoke.no_exceptions COMMAND wrapper-smoke-no-exceptions ${arguments})
add_test(NAME wrapper.smoke.pkg_config
  COMMAND "${CMAKE_COMMAND}" "-DPACKAGE=${PACKAGE}" "-DEXPECTED_VERSION=${EXPECTED_VERSION}"
    "-DPKG_CONFIG=${PKG_CONFIG}" "-DCXX=${CMAKE_CXX_COMPILER}" "-DSOURCE=${wrapper}/smoke.cpp"
    "-DWORK=${CMAKE_CURRENT_BINARY_DIR}/wrapper_pkg_config" "-DARGUMENTS=${arguments}"
    -P "${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake")

foreach(case IN ITEMS numbers determinism threads memory)
  add_test(NAME wrapper.validation.${case} COMMAND wrapper-validation "${models}" ${case})
endforeach()
set_tests_properties(wrapper.validation.memory PROPERTIES RUN_SERIAL ON)
if(EXPECTED_SM)
  add_test(NAME gpu.wrapper.validation.numbers COMMAND wrapper-validation "${models}" numbers_on_cuda)
  set_tests_properties(gpu.wrapper.validation.numbers PROPERTIES SKIP_RETURN_CODE 77)
  if(NOT "${KIT}" STREQUAL "")
    # The program is linked to the library, which lies elsewhere on another machine.
    set_target_properties(wrapper-validation PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${KIT}")
    string(CONCAT command "LD_LIBRARY_PATH=\"$RESULT/lib:$LD_LIBRARY_PATH\" \"$KIT/wrapper-validation\""
      " \"$KIT/models\" numbers_on_cuda")
    file(APPEND "${KIT}/tests.txt" "gpu.wrapper.validation.numbers\t-\t${command}\n")
  endif()
endif()
add_test(NAME wrapper.validation.finds_wrong_values COMMAND wrapper-validation "${wrong_models}" numbers)
set_tests_properties(wrapper.validation.finds_wrong_values PROPERTIES
  PASS_REGULAR_EXPRESSION "FAIL int8\\.sums: element 0 is")

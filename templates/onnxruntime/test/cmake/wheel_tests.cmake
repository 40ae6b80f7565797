# Tests of the wheel, installed into a folder of the build tree.
if("${WHEEL_DIR}" STREQUAL "")
  set(WHEEL_DIR "${PACKAGE}/dist")
endif()
require_file("${WHEEL_DIR}" "the folder with the wheel (WHEEL_DIR)")
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(site "${CMAKE_CURRENT_BINARY_DIR}/site")
add_test(NAME python.install
  COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/install_wheel.py" "${WHEEL_DIR}" "${site}")
set_tests_properties(python.install PROPERTIES FIXTURES_SETUP wheel)

# add_python_test(NAME MODELS ARGUMENT...): a check by check.py on the installed wheel.
function(add_python_test name models)
  set(command "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/check.py" --site "${site}" --models "${models}"
    ${ARGN})
  if("${models}" STREQUAL "${wrong_models}")
    add_test(NAME ${name} COMMAND ${command})
  else()
    add_check(${name} python ${command})
  endif()
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED wheel
    ENVIRONMENT "PYTHONPATH=${site};PYTHONDONTWRITEBYTECODE=1;PYTHONNOUSERSITE=1")
endfunction()

add_python_test(python.version "${models}" version "${EXPECTED_VERSION}")
add_python_test(python.providers "${models}" providers "${providers}")
foreach(name IN LISTS model_names)
  add_python_test(python.models.${name} "${models}" model "${name}")
  if(EXPECTED_SM)
    gpu_arguments(on_gpu ${name} python.${name})
    add_python_test(gpu.python.models.${name} "${models}" ${on_gpu} model "${name}")
  endif()
endforeach()
add_python_test(python.finds_wrong_values "${wrong_models}" model int8)
set_tests_properties(python.finds_wrong_values PROPERTIES PASS_REGULAR_EXPRESSION "${wrong_answer}")

# The kit: a copy of the tests in the folder KIT that needs neither CMake nor a compiler, for machines that build
# nothing. Its tests.txt has a line for each test, "NAME<tab>NEEDS<tab>COMMAND". NEEDS is python, or - for nothing.
# COMMAND is for a POSIX shell with the variables KIT and RESULT (folders), SITE (the unpacked wheel), PYTHON
# (interpreter) and WORK (scratch folder). Exit status 0: passed; 77: skipped, the reason stands behind "skipped: ";
# else failed.

function(start_kit)
  if(NOT "${KIT}" STREQUAL "")
    file(COPY "${models}" check.py DESTINATION "${KIT}")
    file(WRITE "${KIT}/tests.txt" "")
  endif()
endfunction()

# add_check(NAME NEEDS COMMAND...): a test here, and a line of the kit.
function(add_check name needs)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
  if("${KIT}" STREQUAL "")
    return()
  endif()
  set(line "")
  foreach(argument IN LISTS ARGN)
    if(argument STREQUAL "ort-check")
      set(argument "$KIT/ort-check")
    elseif(argument STREQUAL "${Python3_EXECUTABLE}")
      set(argument "$PYTHON")
    endif()
    string(REPLACE "${CMAKE_CURRENT_BINARY_DIR}/site" "$SITE" argument "${argument}")
    string(REPLACE "${CMAKE_CURRENT_BINARY_DIR}" "$WORK" argument "${argument}")
    string(REPLACE "${CMAKE_CURRENT_SOURCE_DIR}" "$KIT" argument "${argument}")
    string(REPLACE "${PACKAGE}" "$RESULT" argument "${argument}")
    if(IS_ABSOLUTE "${argument}")
      message(FATAL_ERROR "${name}: ${argument}: a path of this machine has no place in the kit")
    endif()
    string(APPEND line " \"${argument}\"")
  endforeach()
  string(STRIP "${line}" line)
  file(APPEND "${KIT}/tests.txt" "${name}\t${needs}\t${line}\n")
endfunction()

# gpu_arguments(RESULT MODEL PROFILE): the options that run a model on CUDA and look at its profile.
function(gpu_arguments result model profile)
  file(STRINGS "${models}/cuda.txt" lines REGEX "^${model} ")
  if(NOT lines MATCHES "^${model} ([^ ]+)$")
    message(FATAL_ERROR "${models}/cuda.txt: names no operators of ${model}")
  endif()
  set(operators "${CMAKE_MATCH_1}")
  set(${result} --provider cuda --sm "${EXPECTED_SM}" --profile "${CMAKE_CURRENT_BINARY_DIR}/${profile}"
    --operators "${operators}" PARENT_SCOPE)
endfunction()

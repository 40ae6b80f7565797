# Functions for results that are made of a wheel.
find_program(PYTHON NAMES python3 REQUIRED)

# Sets `result` to the one wheel in a folder.
function(ortforge_one_wheel result folder)
  file(GLOB wheels "${folder}/*.whl")
  list(LENGTH wheels count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "${folder} holds ${count} wheels, expected one")
  endif()
  set(${result} "${wheels}" PARENT_SCOPE)
endfunction()

# Sets `result` to the programs and libraries below a folder, by what they hold.
function(ortforge_binaries result folder)
  file(GLOB_RECURSE files LIST_DIRECTORIES false "${folder}/*")
  set(binaries "")
  foreach(file IN LISTS files)
    if(NOT file MATCHES "/bin/[^/]+$|\\.so(\\.[0-9.]+)?$")
      continue()
    endif()
    file(READ "${file}" magic LIMIT 4 HEX)
    if(magic STREQUAL "7f454c46")
      list(APPEND binaries "${file}")
    endif()
  endforeach()
  set(${result} "${binaries}" PARENT_SCOPE)
endfunction()

# Makes the wheel in RAW the wheel in DIST: without debug information, which goes to DIST/debug, and with plain modes.
# WORK is a scratch folder; no binary may name a path below ROOT.
function(ortforge_finish_wheel root raw work dist)
  ortforge_one_wheel(wheel "${raw}")
  file(REMOVE_RECURSE "${work}" "${dist}")
  file(MAKE_DIRECTORY "${work}" "${dist}")
  execute_process(COMMAND "${PYTHON}" -W ignore -m wheel unpack --dest "${work}" "${wheel}" COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB unpacked LIST_DIRECTORIES true "${work}/*")
  ortforge_binaries(binaries "${unpacked}")
  foreach(binary IN LISTS binaries)
    cmake_path(RELATIVE_PATH binary BASE_DIRECTORY "${unpacked}" OUTPUT_VARIABLE place)
    cmake_path(GET place PARENT_PATH folder)
    ortforge_split_debug("${binary}" "${dist}/debug/${folder}")
  endforeach()
  ortforge_require_no_path("${root}" ${binaries})
  ortforge_plain_modes("${unpacked}")
  # It writes RECORD anew.
  execute_process(COMMAND "${PYTHON}" -W ignore -m wheel pack --dest-dir "${dist}" "${unpacked}" COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE "${work}")
endfunction()

# Unpacks the wheel of a folder to SITE, for bin/python of the result. A wheel is a zip archive (PEP 427).
function(ortforge_unpack_wheel dist site)
  ortforge_one_wheel(wheel "${dist}")
  file(ARCHIVE_EXTRACT INPUT "${wheel}" DESTINATION "${site}")
endfunction()

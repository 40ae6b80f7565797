# Functions for the scripts that put a result together (package.cmake, wheel.cmake).
find_program(OBJCOPY NAMES objcopy REQUIRED)
find_program(READELF NAMES readelf REQUIRED)
find_program(STRIP NAMES strip REQUIRED)

# Sets `result` to the regular files (no links) that fit the globbing expressions, in order.
function(ortforge_files result)
  file(GLOB found LIST_DIRECTORIES false ${ARGN})
  set(files "")
  foreach(file IN LISTS found)
    if(NOT IS_SYMLINK "${file}")
      list(APPEND files "${file}")
    endif()
  endforeach()
  set(${result} "${files}" PARENT_SCOPE)
endfunction()

# Takes symbol table and debug information out of a program or library. The latter goes to FOLDER/<name>.debug, which
# debuggers find by the name in section .gnu_debuglink.
function(ortforge_split_debug file folder)
  cmake_path(GET file FILENAME name)
  execute_process(COMMAND "${READELF}" --section-headers --wide "${file}" OUTPUT_VARIABLE sections COMMAND_ERROR_IS_FATAL ANY)
  string(FIND "${sections}" "debug_line" position)
  if(position EQUAL -1)
    execute_process(COMMAND "${STRIP}" --strip-unneeded "${file}" COMMAND_ERROR_IS_FATAL ANY)
    return()
  endif()
  file(MAKE_DIRECTORY "${folder}")
  set(debug "${folder}/${name}.debug")
  file(REMOVE "${debug}")
  execute_process(COMMAND "${OBJCOPY}" --only-keep-debug "${file}" "${debug}" COMMAND_ERROR_IS_FATAL ANY)
  file(CHMOD "${debug}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  execute_process(COMMAND "${STRIP}" --strip-unneeded "${file}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${OBJCOPY}" "--add-gnu-debuglink=${debug}" "${file}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Stops when a file of the result holds the path of this work folder: it would be different on every machine.
function(ortforge_require_no_path root)
  string(REGEX REPLACE "([][+.*()^$?|\\\\])" "\\\\\\1" pattern "${root}")
  foreach(file IN LISTS ARGN)
    file(STRINGS "${file}" lines REGEX "${pattern}/(build|out|recipe|sources|src|toolkit)/" LIMIT_COUNT 3)
    if(NOT lines STREQUAL "")
      list(JOIN lines "\n  " shown)
      message(FATAL_ERROR "${file} holds the path of the build:\n  ${shown}")
    endif()
  endforeach()
endfunction()

# Gives every file and folder below a folder mode 0644 or, where it is executable, 0755: modes of unpacked sources depend
# on who unpacked them.
function(ortforge_plain_modes folder)
  execute_process(COMMAND chmod -R u=rwX,go=rX "${folder}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Compiles and runs a program with what pkg-config says about the result. Called with -P and
# -DPACKAGE -DEXPECTED_VERSION -DPKG_CONFIG -DCXX -DSOURCE -DWORK (scratch folder) -DARGUMENTS (of the
# program).
#
# pkg-config looks at the result through a symbolic link: a result is moved after it was installed, so an
# answer that names any other place than that link holds a fixed prefix.
set(moved "${WORK}/moved")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
file(CREATE_LINK "${PACKAGE}" "${moved}" SYMBOLIC)
set(ENV{PKG_CONFIG_LIBDIR} "${moved}/lib/pkgconfig")
set(ENV{PKG_CONFIG_PATH} "")

function(ask result)
  execute_process(COMMAND "${PKG_CONFIG}" ${ARGN} libonnxruntime
    OUTPUT_VARIABLE answer ERROR_VARIABLE noise RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "pkg-config ${ARGN} libonnxruntime, in ${PACKAGE}/lib/pkgconfig: ${noise}")
  endif()
  set(${result} "${answer}" PARENT_SCOPE)
endfunction()

ask(version --modversion)
if(NOT version STREQUAL EXPECTED_VERSION)
  message(FATAL_ERROR "libonnxruntime.pc: version ${version}, expected ${EXPECTED_VERSION}")
endif()
foreach(variable libdir includedir)
  ask(value --variable=${variable})
  separate_arguments(value UNIX_COMMAND "${value}")  # pkg-config escapes blanks
  set(${variable} "${value}")
  cmake_path(IS_PREFIX moved "${value}" NORMALIZE inside)
  if(NOT inside)
    message(FATAL_ERROR "libonnxruntime.pc: ${variable} is ${value}, expected a folder in ${moved}: "
      "prefix must follow from \${pcfiledir}, because a result is moved after it was installed")
  endif()
endforeach()

ask(flags --cflags --libs)
separate_arguments(flags UNIX_COMMAND "${flags}")
execute_process(COMMAND "${CXX}" -std=c++17 "${SOURCE}" -o "${WORK}/consumer" ${flags} "-Wl,-rpath,${libdir}"
  COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${WORK}/consumer" ${ARGUMENTS} COMMAND_ERROR_IS_FATAL ANY)

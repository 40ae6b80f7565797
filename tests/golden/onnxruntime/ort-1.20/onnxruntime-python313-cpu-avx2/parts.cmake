# Functions for the scripts that put ONNX Runtime's outputs together.

# Writes the pkg-config file of the library. Upstream's file names the install prefix of the build; this one goes where
# the result goes.
function(ortforge_pkg_config folder version)
  file(WRITE "${folder}/libonnxruntime.pc" "prefix=\${pcfiledir}/../..
libdir=\${prefix}/lib
includedir=\${prefix}/include/onnxruntime

Name: onnxruntime
Description: ONNX Runtime
URL: https://github.com/microsoft/onnxruntime
Version: ${version}
Libs: -L\${libdir} -lonnxruntime
Cflags: -I\${includedir}
")
endfunction()

# Copies the licence of every source tree, as all of it is linked in, to RESULT/share/licenses/<source>.
function(ortforge_licences src result)
  file(GLOB sources LIST_DIRECTORIES true "${src}/*")
  foreach(source IN LISTS sources)
    cmake_path(GET source FILENAME name)
    file(GLOB licences LIST_DIRECTORIES false "${source}/LICENSE*" "${source}/COPYING*" "${source}/ThirdPartyNotices.txt")
    if(NOT licences STREQUAL "")
      file(COPY ${licences} DESTINATION "${result}/share/licenses/${name}")
    endif()
  endforeach()
endfunction()

# Makes the one wheel of DIST with upstream's setup.py, which packs what lies in its current folder; further arguments go
# to setup.py.
function(ortforge_wheel source work dist)
  find_program(PYTHON NAMES python3 REQUIRED)
  ortforge_plain_modes("${work}")
  # The modes of files that setup.py makes go into the wheel too.
  set(setup "import os, runpy, sys; os.umask(0o022); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')")
  execute_process(
    COMMAND "${PYTHON}" -W ignore -c "${setup}" "${source}/setup.py" ${ARGN} --quiet bdist_wheel --dist-dir "${dist}"
    WORKING_DIRECTORY "${work}" COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB wheels "${dist}/*.whl")
  list(LENGTH wheels count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "setup.py left ${count} wheels in ${dist}, expected one")
  endif()
endfunction()

# Unpacks the wheel of a result to SITE, for its bin/python. A wheel is a zip archive (PEP 427).
function(ortforge_unpack_wheel dist site)
  file(GLOB wheel "${dist}/*.whl")
  file(ARCHIVE_EXTRACT INPUT "${wheel}" DESTINATION "${site}")
endfunction()

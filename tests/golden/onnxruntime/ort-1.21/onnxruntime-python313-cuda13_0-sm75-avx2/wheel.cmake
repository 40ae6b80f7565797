# Makes the wheel from the finished build tree of onnxruntime-1.21.0-core-cuda13_0-sm75-avx2-python313 with upstream's setup.py.
# The libraries in it are stripped; debug information of those that are in the wheel alone goes beside it.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
find_program(PYTHON NAMES python3 REQUIRED)
set(source "${root}/src/onnxruntime")
set(installed "${root}/out/core/lib")
set(dist "${root}/out/core/dist")
set(work "${root}/build/core/wheel")

# setup.py packs what lies in its current folder; the build tree keeps its unstripped libraries.
file(REMOVE_RECURSE "${work}" "${dist}")
file(COPY "${root}/build/core/onnxruntime" "${source}/VERSION_NUMBER" "${source}/requirements.txt" DESTINATION "${work}")
ortforge_files(libraries "${work}/onnxruntime/capi/*.so*")
if(NOT libraries MATCHES "/onnxruntime_pybind11_state")
  message(FATAL_ERROR "build/core/onnxruntime/capi holds no module: target onnxruntime_pybind11_state is not built")
endif()
foreach(library IN LISTS libraries)
  cmake_path(GET library FILENAME name)
  if(EXISTS "${installed}/${name}")
    file(COPY "${installed}/${name}" DESTINATION "${work}/onnxruntime/capi")
    ortforge_split_debug("${library}" "${work}/debug")
  else()
    ortforge_split_debug("${library}" "${dist}")
  endif()
endforeach()
ortforge_require_no_path("${root}" ${libraries})
ortforge_plain_modes("${work}")

# The modes of files that setup.py makes go into the wheel too.
set(setup "import os, runpy, sys; os.umask(0o022); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')")
execute_process(
  COMMAND "${PYTHON}" -W ignore -c "${setup}" "${source}/setup.py" --wheel_name_suffix=gpu "--cuda_version=13.0"
    --quiet bdist_wheel --dist-dir "${dist}"
  WORKING_DIRECTORY "${work}" COMMAND_ERROR_IS_FATAL ANY)
file(GLOB wheels "${dist}/*.whl")
list(LENGTH wheels count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "setup.py left ${count} wheels in out/core/dist, expected one")
endif()

# Makes the wheel of onnxruntime-1.19.2-core-cuda12_9-sm75-avx2-python313 from the finished build tree with upstream's setup.py. The modules in it are stripped; their
# debug information goes beside the wheel.
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
find_program(PYTHON NAMES python3 REQUIRED)
set(source "${root}/src/onnxruntime")
set(dist "${root}/out/core/dist")
set(work "${root}/build/core/wheel")

# setup.py packs what lies in its current folder; the build tree keeps its unstripped modules.
file(REMOVE_RECURSE "${work}" "${dist}")
file(COPY "${root}/build/core/onnxruntime" "${source}/VERSION_NUMBER" "${source}/requirements.txt" DESTINATION "${work}")
ortforge_files(modules "${work}/onnxruntime/capi/*.so*")
if(modules STREQUAL "")
  message(FATAL_ERROR "build/core/onnxruntime/capi holds no module: target onnxruntime_pybind11_state is not built")
endif()
foreach(module IN LISTS modules)
  ortforge_split_debug("${module}" "${dist}")
endforeach()
ortforge_require_no_path("${root}" ${modules})

execute_process(
  COMMAND "${PYTHON}" "${source}/setup.py" bdist_wheel --dist-dir "${dist}" --wheel_name_suffix=gpu --cuda_version=12.9
  WORKING_DIRECTORY "${work}" COMMAND_ERROR_IS_FATAL ANY)
file(GLOB wheels "${dist}/*.whl")
list(LENGTH wheels count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "setup.py left ${count} wheels in out/core/dist, expected one")
endif()

# Runs setup.py, the build front end of TorchVision, for torchvision-0.21.0-core-cpu-avx2-python313:
#   cmake "-DARGUMENTS=build;--cmake-only" -P recipe/front-end.cmake
# It works in build/source, a copy of the sources, because it writes there; what it builds lies in build/core, where a later
# call goes on. Its settings are environment variables (recipe.json has them); this script adds what holds for every
# product: flags, jobs, packages it is built on.
cmake_minimum_required(VERSION 3.25)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
set(instruction_set "-mavx2 -mfma -mf16c")
set(source "${root}/build/source")

if(NOT EXISTS "${source}")
  file(REMOVE_RECURSE "${source}.partial")
  file(MAKE_DIRECTORY "${source}.partial" "${root}/build/core")
  execute_process(COMMAND cp -R --preserve=mode,timestamps,links "${root}/src/torchvision/." "${source}.partial"
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R u+w "${source}.partial" COMMAND_ERROR_IS_FATAL ANY)
  # setup.py takes its build folder for granted.
  file(REMOVE_RECURSE "${source}.partial/build")
  file(CREATE_LINK "../core" "${source}.partial/build" SYMBOLIC)
  file(RENAME "${source}.partial" "${source}")
endif()

# Debug information of lines is split off later; the prefix map takes this folder out of every path in the objects.
set(flags "${instruction_set} -g1 -gz=zlib -ffile-prefix-map=${root}/=")
foreach(variable CFLAGS CXXFLAGS)
  string(STRIP "$ENV{${variable}} ${flags}" value)
  set(ENV{${variable}} "${value}")
endforeach()
set(ENV{LDFLAGS} "-Wl,-z,noexecstack -Wl,--build-id=sha1")
set(ENV{CC} gcc)
set(ENV{CXX} g++)
if(DEFINED ENV{CMAKE_BUILD_PARALLEL_LEVEL})
  set(ENV{MAX_JOBS} "$ENV{CMAKE_BUILD_PARALLEL_LEVEL}")
endif()
# Cache variables that have no environment variable. setup.py passes on every variable that begins with CMAKE_.
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/options.cmake")
  set(ENV{CMAKE_PROJECT_TOP_LEVEL_INCLUDES} "${CMAKE_CURRENT_LIST_DIR}/options.cmake")
endif()
set(packages "")
list(APPEND packages "${root}/out/pytorch.package/lib/python3.13/site-packages")
list(JOIN packages ":" packages)
set(ENV{PYTHONPATH} "${packages}")
set(ENV{PYTHONDONTWRITEBYTECODE} 1)

# The modes of files that setup.py makes go into the wheel.
set(setup "import os, runpy, sys; os.umask(0o022); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')")
find_program(PYTHON NAMES python3 REQUIRED)
execute_process(COMMAND "${PYTHON}" -c "${setup}" setup.py ${ARGUMENTS} WORKING_DIRECTORY "${source}" COMMAND_ERROR_IS_FATAL ANY)

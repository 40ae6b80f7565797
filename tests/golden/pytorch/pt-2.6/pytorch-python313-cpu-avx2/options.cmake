# Cache variables that setup.py has no way to pass on. Read by CMake at the first project() call
# (CMAKE_PROJECT_TOP_LEVEL_INCLUDES).
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
set(HAVE_SOVERSION "OFF" CACHE BOOL "set by the recipe" FORCE)

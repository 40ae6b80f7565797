# Read by every project() call of the build (CMAKE_PROJECT_INCLUDE). Gives the build tree one test, so that
# `ctest --preset` checks what was built with the recipe's own test project.
if(PROJECT_IS_TOP_LEVEL AND NOT TARGET ortforge_hook)
  add_custom_target(ortforge_hook)
  enable_testing()
  add_test(NAME ortforge.recipe
           COMMAND "${CMAKE_COMMAND}" -P "${CMAKE_CURRENT_LIST_DIR}/run-test.cmake")
endif()

# Read at the end of every project() call (CMAKE_PROJECT_INCLUDE). Gives the build tree one test, so that `ctest --preset`
# packages what was built and runs the recipe's own test project on it.
if(PROJECT_IS_TOP_LEVEL AND EXISTS "${CMAKE_CURRENT_LIST_DIR}/run-steps.cmake")
  enable_testing()
  add_test(NAME recipe COMMAND "${CMAKE_COMMAND}" -DSKIP=prepare -P "${CMAKE_CURRENT_LIST_DIR}/run-steps.cmake")
endif()

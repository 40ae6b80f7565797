# Read by ctest: adds the tests of the tree that ORTFORGE_SANITIZED_TREE names.
if(NOT "$ENV{ORTFORGE_SANITIZED_TREE}" STREQUAL "")
  subdirs("$ENV{ORTFORGE_SANITIZED_TREE}")
endif()

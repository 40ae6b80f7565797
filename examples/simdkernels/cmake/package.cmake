# Installs the core with its CMake package and pkg-config file. All paths in them are relative to where they lie.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/simdkernels")
install(TARGETS simdkernels EXPORT simdkernels-targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT core NAMELINK_COMPONENT core)
install(TARGETS simdkernels_selftest RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT core)
install(FILES "${PROJECT_SOURCE_DIR}/include/simdkernels/simdkernels.h"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/simdkernels" COMPONENT core)

install(EXPORT simdkernels-targets NAMESPACE simdkernels:: DESTINATION "${package_dir}" COMPONENT core)
configure_package_config_file(cmake/simdkernels-config.cmake.in "${PROJECT_BINARY_DIR}/simdkernels-config.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/simdkernels-config-version.cmake"
  COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/simdkernels-config.cmake" "${PROJECT_BINARY_DIR}/simdkernels-config-version.cmake"
  DESTINATION "${package_dir}" COMPONENT core)

file(RELATIVE_PATH SIMDKERNELS_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" SIMDKERNELS_PC_PREFIX "${SIMDKERNELS_PC_PREFIX}")
configure_file(cmake/simdkernels.pc.in "${PROJECT_BINARY_DIR}/simdkernels.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/simdkernels.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT core)

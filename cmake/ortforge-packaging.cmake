# cmake --install and the .deb. The installed program finds its data beside itself: <prefix>/share/ortforge (session.cpp).
set(data_folder "${CMAKE_INSTALL_DATADIR}/ortforge")
install(TARGETS ortforge RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
foreach(folder IN ITEMS matrix templates)
  install(DIRECTORY ${folder} DESTINATION "${data_folder}" PATTERN "__pycache__" EXCLUDE)
endforeach()
# A source of the shipped matrix: matrix/simdkernels.json names it relative to the folder that holds the matrix.
install(DIRECTORY examples/simdkernels DESTINATION "${data_folder}/examples")
install(FILES README.md ARCHITECTURE.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}")  # README links into it
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

# Completion scripts, printed by the program itself.
set(completions)
foreach(pair IN ITEMS "bash|bash-completion/completions|ortforge" "zsh|zsh/site-functions|_ortforge"
                      "fish|fish/vendor_completions.d|ortforge.fish")
  string(REPLACE "|" ";" pair "${pair}")
  list(GET pair 0 shell)
  list(GET pair 1 folder)
  list(GET pair 2 name)
  set(script "${CMAKE_CURRENT_BINARY_DIR}/completions/${shell}/${name}")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/completions/${shell}")
  add_custom_command(OUTPUT "${script}" COMMAND ortforge completion ${shell} > "${script}" DEPENDS ortforge VERBATIM
                     COMMENT "Writing the completion script for ${shell}")
  list(APPEND completions "${script}")
  install(FILES "${script}" DESTINATION "${CMAKE_INSTALL_DATADIR}/${folder}")
endforeach()
add_custom_target(ortforge_completions ALL DEPENDS ${completions})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ortforge)
set(CPACK_PACKAGE_VENDOR "The ortforge authors")
set(CPACK_PACKAGE_CONTACT "The ortforge authors <ortforge@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "One binary over one declarative matrix: from JSON to recipes, a plan, sandboxed builds and records.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Libraries opened at run time, which dpkg-shlibdeps does not see, by the packages that they are from on this machine.
set(late_packages)
foreach(library IN ITEMS libcurl_soname_file libarchive_soname_file libgit2_soname_file libelf_soname_file)
  file(REAL_PATH "${${library}}" real_file)
  execute_process(COMMAND dpkg-query --search "${real_file}" OUTPUT_VARIABLE owner ERROR_QUIET)
  if(owner MATCHES "^([^:]+):")
    string(APPEND late_packages ", ${CMAKE_MATCH_1}")
  endif()
endforeach()
set(CPACK_DEBIAN_PACKAGE_DEPENDS "cmake (>= 3.25), ninja-build${late_packages}")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
    "bubblewrap, mmdebstrap, debian-archive-keyring, uidmap, ccache, g++, patchelf, python3, python3-pip")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)

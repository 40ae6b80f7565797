# Everything ortforge links, all from the distribution's packages (scripts/setup installs them).
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(CURL REQUIRED)
find_package(LibArchive REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(libelf REQUIRED libelf)

# Opened at run time when they are first needed (include/ortforge/base/late_library.hpp), not linked: only their
# headers and their names count here.
function(ortforge_late_library variable file)
  find_library(${variable}_file NAMES ${file} REQUIRED)
  execute_process(COMMAND "${CMAKE_READELF}" --dynamic "${${variable}_file}" OUTPUT_VARIABLE dynamic
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT dynamic MATCHES "SONAME[^\n]*\\[([^]]+)\\]")
    message(FATAL_ERROR "${${variable}_file}: has no SONAME")
  endif()
  set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()
ortforge_late_library(libcurl_soname curl)
ortforge_late_library(libarchive_soname archive)
ortforge_late_library(libgit2_soname git2)
ortforge_late_library(libelf_soname elf)

add_library(ortforge_dependencies INTERFACE)
add_library(ortforge::dependencies ALIAS ortforge_dependencies)
target_link_libraries(ortforge_dependencies INTERFACE
  fmt::fmt spdlog::spdlog nlohmann_json::nlohmann_json OpenSSL::Crypto SQLiteCpp SQLite::SQLite3
  CLI11::CLI11 Threads::Threads ${CMAKE_DL_LIBS})
target_include_directories(ortforge_dependencies SYSTEM INTERFACE
  ${CURL_INCLUDE_DIRS} ${LibArchive_INCLUDE_DIRS} ${libgit2_INCLUDE_DIRS} ${libelf_INCLUDE_DIRS})
target_compile_definitions(ortforge_dependencies INTERFACE
  ORTFORGE_LIBCURL_SONAME="${libcurl_soname}" ORTFORGE_LIBARCHIVE_SONAME="${libarchive_soname}"
  ORTFORGE_LIBGIT2_SONAME="${libgit2_soname}" ORTFORGE_LIBELF_SONAME="${libelf_soname}")

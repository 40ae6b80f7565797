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

add_library(ortforge_dependencies INTERFACE)
add_library(ortforge::dependencies ALIAS ortforge_dependencies)
target_link_libraries(ortforge_dependencies INTERFACE
  fmt::fmt spdlog::spdlog nlohmann_json::nlohmann_json OpenSSL::Crypto CURL::libcurl LibArchive::LibArchive
  SQLiteCpp SQLite::SQLite3 PkgConfig::libgit2 CLI11::CLI11 Threads::Threads)

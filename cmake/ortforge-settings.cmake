# Language level, warnings and sanitizers as one INTERFACE target. Warnings are errors for developers and CI only.
option(ORTFORGE_WERROR "Treat warnings as errors" OFF)
option(ORTFORGE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

add_library(ortforge_settings INTERFACE)
add_library(ortforge::settings ALIAS ortforge_settings)
target_compile_options(ortforge_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers)
if(ORTFORGE_WERROR)
  target_compile_options(ortforge_settings INTERFACE -Werror)
endif()
if(ORTFORGE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

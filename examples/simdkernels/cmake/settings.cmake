# Compiler and linker settings shared by all targets of this project.
add_library(simdkernels_settings INTERFACE)

set(warnings -Wall -Wextra -Wshadow)
if(SIMDKERNELS_WERROR)
  list(APPEND warnings -Werror)
endif()
# nvcc's intermediate files use line directives that -Wpedantic refuses. Its host compiler's options are
# given as -Xcompiler=OPTION, in one word: ccache 4.9 leaves the two-word form out of its key.
target_compile_options(simdkernels_settings INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:${warnings};-Wpedantic;-Wconversion>")
list(TRANSFORM warnings PREPEND "-Xcompiler=" OUTPUT_VARIABLE cuda_warnings)
target_compile_options(simdkernels_settings INTERFACE "$<$<COMPILE_LANGUAGE:CUDA>:${cuda_warnings}>")

target_compile_definitions(simdkernels_settings INTERFACE "SIMDKERNELS_VERSION=\"${PROJECT_VERSION}\"")
target_include_directories(simdkernels_settings INTERFACE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
target_link_options(simdkernels_settings INTERFACE "LINKER:-z,noexecstack" "LINKER:-z,defs" "LINKER:--as-needed")

# Only symbols named sk_* leave a shared library, whatever it is linked from.
function(simdkernels_limit_exports target)
  set(map "${PROJECT_SOURCE_DIR}/src/exports.map")
  target_link_options(${target} PRIVATE "LINKER:--version-script=${map}")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
endfunction()

# Precompiled headers: the standard library, fmt, expected and JSON take more of a compile than the files' own text.
# Every file still includes what it uses: scripts/tidy reads the tree without them.
option(ORTFORGE_PRECOMPILE "Precompile the headers that most files include" ON)

function(ortforge_precompile target)
  if(NOT ORTFORGE_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <ostream> <set> <string>
    <string_view> <utility> <variant> <vector> <fmt/format.h> <nlohmann/json.hpp> <tl/expected.hpp> ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # ccache reads which precompiled header was used from the preprocessor's output (ccache manual, "Precompiled headers").
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

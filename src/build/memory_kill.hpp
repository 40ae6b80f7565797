// Recognises compilers that the kernel killed because memory ran out.
#pragma once

#include <string_view>

namespace ortforge::build_detail {

// Whether the last lines of a build's log say that a program was killed by SIGKILL, in the words of gcc, its
// linker, clang, nvcc, the shell or Ninja. Nobody but the kernel kills a single compiler that way.
bool names_kill(std::string_view log);

}  // namespace ortforge::build_detail

// What a test needs of the machine: absent, the test is skipped with the reason, or fails where CI is "true".
#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "ortforge/process/runner.hpp"

extern char** environ;

namespace ortforge {

inline bool in_ci() {
  const char* value = std::getenv("CI");
  return value != nullptr && std::string_view(value) == "true";
}

// The environment of the test program.
inline std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

inline bool has_program(const std::string& program) {
  const char* path = std::getenv("PATH");
  return find_program(program, path != nullptr ? path : "").has_value();
}

}  // namespace ortforge

// Skips the test, or fails it in CI, when `condition` does not hold.
#define ORTFORGE_NEEDS(condition, reason)                          \
  if (!(condition)) {                                              \
    if (::ortforge::in_ci()) FAIL() << "needed in CI: " << reason; \
    GTEST_SKIP() << reason;                                        \
  }                                                                \
  static_assert(true)

// What tests that need a sandbox share.
#pragma once

#include <cstdlib>
#include <map>
#include <string>

#include "support/needs.hpp"
#include <gtest/gtest.h>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// The context of a user whose home for ortforge is `home`.
inline EnvironmentContext environment_context(const std::filesystem::path& home) {
  EnvironmentContext context;
  context.home = home;
  for (const char* name : {"PATH", "HOME", "TERM", "http_proxy", "https_proxy", "ORTFORGE_DEBIAN_MIRROR"})
    if (const char* value = std::getenv(name)) context.variables[name] = value;
  return context;
}

}  // namespace ortforge

// Leaves the test when `result` is an error.
#define ORTFORGE_SKIP_WITHOUT(result)                                   \
  if (const auto& ortforge_needed = (result); !ortforge_needed) {       \
    if (::ortforge::in_ci()) FAIL() << ortforge_needed.error().message; \
    GTEST_SKIP() << ortforge_needed.error().message;                    \
  }

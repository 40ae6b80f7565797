#include "ortforge/base/late_library.hpp"

#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace ortforge {

Result<void> LateLibrary::open() const {
  if (handle_.load() != nullptr) return {};
  void* handle = ::dlopen(soname_, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = ::dlerror();
    return fail_with_hint(ErrorKind::missing, fmt::format("{} cannot be loaded: {}", soname_, reason),
                          "install the Debian package that holds it: ./scripts/setup --run");
  }
  handle_.store(handle);
  return {};
}

void* LateLibrary::address(const char* function) const {
  void* handle = handle_.load();
  void* address = handle == nullptr ? nullptr : ::dlsym(handle, function);
  if (address == nullptr) {
    throw std::runtime_error(
        fmt::format("{}: {} {}", soname_, function, handle == nullptr ? "called too early" : "is not in it"));
  }
  return address;
}

}  // namespace ortforge

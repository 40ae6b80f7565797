// Shared libraries that are opened when they are first needed. What a program links is loaded, with all that
// it needs in turn, before main(), by every call: `ortforge list` would wait for some 40 libraries that only
// downloads and unpacking use.
#pragma once

#include <atomic>
#include <utility>

#include "ortforge/base/result.hpp"

namespace ortforge {

class LateLibrary {
 public:
  // `soname`: as in DT_SONAME, "libcurl.so.4".
  constexpr explicit LateLibrary(const char* soname) : soname_(soname) {}

  // Opens it, the first time; it stays open. Error: missing (the machine has no such library).
  Result<void> open() const;
  // The address of one of its functions. Throws std::runtime_error, a fault of ortforge, when open() has not
  // succeeded before or the library has no such function.
  void* address(const char* function) const;

 private:
  const char* soname_;
  mutable std::atomic<void*> handle_ = nullptr;
};

// A function of such a library, to be called as if it were linked.
template <class Signature>
class LateFunction {
 public:
  constexpr LateFunction(const LateLibrary& library, const char* name) : library_(&library), name_(name) {}

  template <class... Arguments>
  decltype(auto) operator()(Arguments&&... arguments) const {
    void* address = address_.load(std::memory_order_relaxed);
    if (address == nullptr) {
      address = library_->address(name_);
      address_.store(address, std::memory_order_relaxed);
    }
    return reinterpret_cast<Signature*>(address)(std::forward<Arguments>(arguments)...);
  }

 private:
  const LateLibrary* library_;
  const char* name_;
  mutable std::atomic<void*> address_ = nullptr;
};

}  // namespace ortforge

// Declares ortforge::NAME, which hides the C function ::NAME from ortforge's own code.
#define ORTFORGE_LATE_FUNCTION(library, name)                              \
  inline constinit const ::ortforge::LateFunction<decltype(::name)> name { \
    library, #name                                                         \
  }

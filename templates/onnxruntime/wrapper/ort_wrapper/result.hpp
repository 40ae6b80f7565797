// Results: a value or an error.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <onnxruntime_c_api.h>

namespace ort_wrapper {

// What went wrong: ONNX Runtime's own code and message, or one of this wrapper's checks.
struct Error {
  OrtErrorCode code = ORT_FAIL;
  std::string message;
};

// A T, or the Error that stands in its place. Looking at the wrong one of the two ends the program with a
// line on standard error, so ask first: `if (!result) ...`.
template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T> && !std::is_same_v<T, Error>);

 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  // Whether there is a value.
  explicit operator bool() const noexcept { return content_.index() == 0; }

  // The value.
  T& value() & { return *checked(std::get_if<0>(&content_), "value() of an error"); }
  const T& value() const& { return *checked(std::get_if<0>(&content_), "value() of an error"); }
  T&& value() && { return std::move(*checked(std::get_if<0>(&content_), "value() of an error")); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // The value, or `other` in place of an error.
  T value_or(T other) const& { return *this ? value() : std::move(other); }
  T value_or(T other) && { return *this ? std::move(*this).value() : std::move(other); }

  // The error.
  const Error& error() const { return *checked(std::get_if<1>(&content_), "error() of a value"); }

 private:
  template <class P>
  P* checked(P* content, const char* call) const {
    if (content == nullptr) {
      const Error* error = std::get_if<1>(&content_);
      std::fprintf(stderr, "ort_wrapper: %s%s%s\n", call, error ? ": " : "",
                   error ? error->message.c_str() : "");
      std::abort();
    }
    return content;
  }

  std::variant<T, Error> content_;
};

}  // namespace ort_wrapper

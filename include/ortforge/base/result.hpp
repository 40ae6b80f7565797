// Errors as values. An Error means that ortforge itself could not go on; a build that fails is data
// (process::Outcome).
#pragma once

#include <string>
#include <utility>

#include <fmt/core.h>
#include <tl/expected.hpp>

namespace ortforge {

// What an error means for the caller; the command line maps each kind to one exit code.
enum class ErrorKind {
  bad_input,    // usage, unreadable or invalid input, infeasible variant: exit code 2
  missing,      // the machine lacks a program, package, network, space or right: exit code 3
  internal,     // a fault of ortforge or of the system under it: exit code 4
  failed,       // a check or a build did not pass: exit code 1
  interrupted,  // the user asked to stop: exit code 130
};

// One error: what went wrong (with file, JSON path or argument), and what to do next where that is known.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string hint;

  bool operator==(const Error&) const = default;
};

// A value or an Error; neither converts into the other silently.
template <class T>
using Result = tl::expected<T, Error>;

// An error without a hint. The message is formatted by fmt.
template <class... Args>
tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{kind, fmt::format(format, std::forward<Args>(args)...), {}});
}

// An error with a hint that tells the user what to do next.
inline tl::unexpected<Error> fail_with_hint(ErrorKind kind, std::string message, std::string hint) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}

// Hands an Error of one Result on as the error of another.
inline tl::unexpected<Error> pass_on(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace ortforge

#define ORTFORGE_CONCAT_INNER(a, b) a##b
#define ORTFORGE_CONCAT(a, b) ORTFORGE_CONCAT_INNER(a, b)
#define ORTFORGE_TRY_INNER(holder, declaration, expression)           \
  auto holder = (expression);                                         \
  if (!holder) return ::ortforge::pass_on(std::move(holder).error()); \
  declaration = *std::move(holder)

// `ORTFORGE_TRY(auto text, read_file(path));` declares text, or returns the error from the enclosing
// function.
#define ORTFORGE_TRY(declaration, expression) \
  ORTFORGE_TRY_INNER(ORTFORGE_CONCAT(ortforge_result_, __LINE__), declaration, expression)

// `ORTFORGE_CHECK(write_file(path, text));` returns the error of a Result<void> from the enclosing function.
#define ORTFORGE_CHECK(expression)                           \
  if (auto ortforge_status = (expression); !ortforge_status) \
  return ::ortforge::pass_on(std::move(ortforge_status).error())

// Turns SIGINT, SIGTERM and SIGHUP into an Interrupt while an object lives.
#pragma once

#include <memory>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Handlers for SIGINT, SIGTERM and SIGHUP that do nothing but call interrupt.request(); the handlers found
// before come back when the object goes away. A signal handler can only reach a global, so one object may
// exist at a time.
class SignalHandlers {
 public:
  // `interrupt` must outlive the object. A signal that was ignored (nohup, background jobs) stays ignored.
  // Error: internal when another object exists already.
  static Result<SignalHandlers> install(Interrupt& interrupt);
  SignalHandlers(SignalHandlers&&) noexcept;
  SignalHandlers& operator=(SignalHandlers&&) noexcept;
  ~SignalHandlers();

 private:
  struct Saved;
  explicit SignalHandlers(std::unique_ptr<Saved> saved);
  std::unique_ptr<Saved> saved_;
};

}  // namespace ortforge

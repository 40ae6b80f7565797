#include "ortforge/process/signals.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace ortforge {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};

// The one thing a signal handler can reach; owned by the SignalHandlers object that exists.
std::atomic<Interrupt*> target{nullptr};
static_assert(std::atomic<Interrupt*>::is_always_lock_free);

void request_interrupt(int) {
  if (Interrupt* interrupt = target.load(std::memory_order_relaxed)) interrupt->request();
}

}  // namespace

struct SignalHandlers::Saved {
  std::array<struct sigaction, handled.size()> actions{};

  ~Saved() {
    for (std::size_t at = 0; at < handled.size(); ++at) ::sigaction(handled[at], &actions[at], nullptr);
    target.store(nullptr, std::memory_order_relaxed);
  }
};

Result<SignalHandlers> SignalHandlers::install(Interrupt& interrupt) {
  Interrupt* none = nullptr;
  if (!target.compare_exchange_strong(none, &interrupt))
    return fail(ErrorKind::internal, "signal handlers are installed already");
  auto saved = std::make_unique<Saved>();
  for (std::size_t at = 0; at < handled.size(); ++at) {
    struct sigaction action {};
    action.sa_handler = request_interrupt;
    ::sigaction(handled[at], nullptr, &saved->actions[at]);
    if (saved->actions[at].sa_handler != SIG_IGN) ::sigaction(handled[at], &action, nullptr);
  }
  return SignalHandlers(std::move(saved));
}

SignalHandlers::SignalHandlers(std::unique_ptr<Saved> saved) : saved_(std::move(saved)) {}
SignalHandlers::SignalHandlers(SignalHandlers&&) noexcept = default;
SignalHandlers& SignalHandlers::operator=(SignalHandlers&&) noexcept = default;
SignalHandlers::~SignalHandlers() = default;

}  // namespace ortforge

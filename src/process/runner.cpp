#include "ortforge/process/runner.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "child.hpp"
#include <poll.h>
#include <sys/prctl.h>

namespace ortforge {
namespace {

// An Interrupt is looked at this often while nothing else happens: the signal may reach another thread than
// ours.
constexpr Milliseconds interrupt_period{100};

class SystemProcessRunner : public ProcessRunner {
 public:
  explicit SystemProcessRunner(const Interrupt* interrupt) : interrupt_(interrupt) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  }

  Result<ProcessId> start(const Command& command, RunOptions options) override {
    if (command.argv.empty()) return fail(ErrorKind::internal, "a command without a program");
    ORTFORGE_TRY(Child child, Child::start(command, std::move(options)));
    const ProcessId id = next_id_++;
    children_.emplace(id, std::move(child));
    return id;
  }

  Result<std::optional<Finished>> wait(Milliseconds limit) override {
    const auto until = SteadyClock::now() + limit;
    for (;;) {
      if (auto finished = take_finished()) return finished;
      // What ended while the caller was away is in time, however late it is looked at.
      ORTFORGE_CHECK(poll_once(SteadyClock::now()));
      if (auto finished = take_finished()) return finished;
      const auto now = SteadyClock::now();
      check_interrupt();
      for (auto& [id, child] : children_) child.check_deadlines(now);
      ORTFORGE_CHECK(poll_once(std::min(until, next_deadline(now + limit))));
      if (auto finished = take_finished()) return finished;
      if (SteadyClock::now() >= until) return std::optional<Finished>();
    }
  }

  void stop_all() override {
    const auto now = SteadyClock::now();
    for (auto& [id, child] : children_) {
      child.mark_interrupted();
      child.ask_to_stop(now);
    }
  }

  std::size_t running() const override { return children_.size(); }

 private:
  std::optional<Finished> take_finished() {
    for (auto at = children_.begin(); at != children_.end(); ++at) {
      if (!at->second.ended()) continue;
      Finished finished{at->first, at->second.outcome()};
      children_.erase(at);
      return finished;
    }
    return std::nullopt;
  }

  void check_interrupt() {
    if (interrupt_ == nullptr || !interrupt_->requested()) return;
    stop_all();
    if (!interrupt_->insisted()) return;
    for (auto& [id, child] : children_)
      if (!child.ended()) child.kill_group();
  }

  SteadyClock::time_point next_deadline(SteadyClock::time_point latest) const {
    for (const auto& [id, child] : children_)
      if (const auto deadline = child.next_deadline()) latest = std::min(latest, *deadline);
    if (interrupt_ != nullptr) latest = std::min(latest, SteadyClock::now() + interrupt_period);
    return latest;
  }

  // One poll over every pipe and process; takes output first, then endings.
  Result<void> poll_once(SteadyClock::time_point until) {
    std::vector<pollfd> descriptors;
    std::vector<Child*> owners;
    for (auto& [id, child] : children_) {
      for (const int descriptor : {child.output_descriptor(), child.process_descriptor()}) {
        if (descriptor < 0) continue;
        descriptors.push_back({descriptor, POLLIN, 0});
        owners.push_back(&child);
      }
    }
    // Rounded up: a poll that ends just before a deadline would only spin.
    const auto left = std::chrono::ceil<Milliseconds>(until - SteadyClock::now()).count();
    const int timeout = static_cast<int>(std::clamp<long long>(left, 0, 60'000));
    if (::poll(descriptors.data(), descriptors.size(), timeout) < 0) {
      if (errno == EINTR) return {};
      return fail(ErrorKind::internal, "poll: {}", std::strerror(errno));
    }
    Result<void> result;
    for (std::size_t at = 0; at < descriptors.size(); ++at) {
      if (descriptors[at].revents == 0) continue;
      Child& child = *owners[at];
      const bool is_output = descriptors[at].fd == child.output_descriptor();
      auto done = is_output ? child.take_output() : child.collect();
      if (!done && result) result = std::move(done);
    }
    return result;
  }

  const Interrupt* interrupt_;
  ProcessId next_id_ = 1;
  std::map<ProcessId, Child> children_;
};

}  // namespace

std::unique_ptr<ProcessRunner> make_process_runner(const Interrupt* interrupt) {
  return std::make_unique<SystemProcessRunner>(interrupt);
}

}  // namespace ortforge

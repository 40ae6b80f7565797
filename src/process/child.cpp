#include "child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "group_usage.hpp"
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ortforge {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr int pieces_per_turn = 16;
// How long orphans of a killed group may take to end before they are left to the system.
constexpr std::chrono::seconds orphan_patience{2};
// How often one looks for them. Most are gone at once, and a build step has several commands; a wait that
// blocks would have no limit.
constexpr long shortest_pause_ns = 50'000;
constexpr long longest_pause_ns = 2'000'000;

Milliseconds milliseconds(const timeval& time) {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::seconds(time.tv_sec) +
                                                  std::chrono::microseconds(time.tv_usec));
}

Result<Descriptor> open_log(const std::filesystem::path& file) {
  if (file.empty()) return Descriptor();
  Descriptor log(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!log.open())
    return fail(ErrorKind::missing, "cannot write log {}: {}", file.string(), std::strerror(errno));
  return log;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<Child> Child::start(const Command& command, RunOptions options) {
  Child child(std::move(options));
  ORTFORGE_TRY(child.log_, open_log(child.options_.log_file));
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(ErrorKind::internal, "cannot make a pipe for {}: {}", command.argv.front(),
                std::strerror(errno));
  child.output_ = Descriptor(ends[0]);
  Descriptor write_end(ends[1]);
  // Only our end: the child's end stays blocking, programs expect that.
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);

  const auto pid = spawn(command, Streams::piped, write_end.get(), child.options_.inherited);
  if (!pid) {
    child.outcome_.ending = NotStarted{std::strerror(pid.error())};
    child.ended_ = true;
    return child;
  }
  child.pid_ = *pid;
  // By number: <sys/pidfd.h> of glibc 2.36 declares pidfd_open without C linkage.
  child.process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (!child.process_.open()) {
    const int reason = errno;
    child.kill_group();
    ::waitpid(*pid, nullptr, 0);
    return fail(ErrorKind::internal, "pidfd_open for {}: {}", command.argv.front(), std::strerror(reason));
  }
  return child;
}

Child::~Child() {
  if (!process_.open()) return;
  kill_group();
  ::waitpid(pid_, nullptr, 0);
}

Result<void> Child::take_output() {
  std::array<char, piece_bytes> buffer;
  for (int piece = 0; piece < pieces_per_turn && output_.open(); ++piece) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) {
      output_.reset();
      break;
    }
    const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (options_.on_output) options_.on_output(text);
    if (log_.open() && !write_all(log_.get(), text)) {
      const int reason = errno;
      log_.reset();
      return fail(ErrorKind::missing, "cannot write log {}: {}", options_.log_file.string(),
                  std::strerror(reason));
    }
  }
  return {};
}

Result<void> Child::collect() {
  // Not waited for yet, so the number of the group cannot have gone to anybody else.
  kill_group();
  int status = 0;
  rusage usage{};
  pid_t waited = 0;
  while ((waited = ::wait4(pid_, &status, 0, &usage)) < 0 && errno == EINTR) {
  }
  ended_ = true;
  process_.reset();
  if (waited < 0) return fail(ErrorKind::internal, "wait4: {} (is SIGCHLD ignored?)", std::strerror(errno));
  count(usage);
  collect_orphans();
  outcome_.usage.user = std::max(outcome_.usage.user, used_before_stop_.user);
  outcome_.usage.system = std::max(outcome_.usage.system, used_before_stop_.system);
  outcome_.usage.wall = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - started_);
  outcome_.ending = ending_from_status(status);
  if (timed_out_) outcome_.ending = TimedOut{options_.timeout.value_or(Milliseconds{})};
  auto written = take_output();
  output_.reset();
  return written;
}

void Child::collect_orphans() {
  const auto give_up = SteadyClock::now() + orphan_patience;
  timespec pause{0, shortest_pause_ns};
  while (SteadyClock::now() < give_up) {
    rusage usage{};
    const pid_t orphan = ::wait4(-pid_, nullptr, WNOHANG, &usage);
    if (orphan < 0 && errno != EINTR) return;
    if (orphan > 0) count(usage);
    if (orphan != 0) continue;
    ::nanosleep(&pause, nullptr);
    pause.tv_nsec = std::min(2 * pause.tv_nsec, longest_pause_ns);
  }
}

void Child::count(const rusage& usage) {
  outcome_.usage.user += milliseconds(usage.ru_utime);
  outcome_.usage.system += milliseconds(usage.ru_stime);
  const auto peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  outcome_.usage.peak_bytes = std::max(outcome_.usage.peak_bytes, peak);
}

void Child::ask_to_stop(SteadyClock::time_point now) {
  if (ended_ || kill_at_) return;
  used_before_stop_ = group_usage(pid_);
  ::kill(-pid_, SIGINT);
  kill_at_ = now + options_.grace;
}

void Child::kill_group() {
  killed_ = true;
  ::kill(-pid_, SIGKILL);
}

void Child::check_deadlines(SteadyClock::time_point now) {
  if (ended_) return;
  if (!kill_at_ && options_.timeout && now >= started_ + *options_.timeout) {
    timed_out_ = true;
    ask_to_stop(now);
  }
  if (kill_at_ && now >= *kill_at_ && !killed_) kill_group();
}

std::optional<SteadyClock::time_point> Child::next_deadline() const {
  if (ended_ || killed_) return std::nullopt;
  if (kill_at_) return kill_at_;
  if (options_.timeout) return started_ + *options_.timeout;
  return std::nullopt;
}

}  // namespace ortforge

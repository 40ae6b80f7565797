#include "remote_work.hpp"

#include <exception>
#include <utility>

#include <sched.h>

#include "ortforge/base/text.hpp"

namespace ortforge::build_detail {

RemoteWork::RemoteWork(const Plan& plan, const BuildContext& context)
    : plan_(plan), context_(context), store_(context.home) {
  if (context_.remote == nullptr) return;
  tell_ = context_.remote->tell([this](const std::string& text) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(text);
  });
}

RemoteWork::~RemoteWork() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (Lane* lane : {&looks_, &pushes_}) {
    if (lane->thread.joinable()) lane->thread.join();
  }
  if (context_.remote != nullptr) context_.remote->tell(std::move(tell_));
}

bool RemoteWork::look(std::size_t step, const std::string& content_key) {
  if (context_.remote == nullptr || !context_.remote->takes(plan_.steps[step])) return false;
  if (!asked_.insert(step).second) return false;
  add(looks_, {step, [this, step, content_key]() -> Result<void> {
                 ORTFORGE_TRY(const bool taken,
                              context_.remote->take_equal(plan_.steps[step], content_key, store_));
                 const std::lock_guard lock(mutex_);
                 if (taken) took_.insert(step);
                 return {};
               }});
  return true;
}

void RemoteWork::push(std::size_t step, const StoreEntry& entry) {
  if (context_.remote == nullptr || context_.taken.contains(step)) return;
  if (!context_.remote->pushes(plan_.steps[step])) return;
  add(pushes_,
      {step, [this, step, entry] { return context_.remote->push(plan_.steps[step], entry, store_); }});
}

Result<std::vector<std::size_t>> RemoteWork::settle() {
  std::vector<std::string> notes;
  std::vector<std::size_t> looked;
  std::optional<Error> error;
  {
    const std::lock_guard lock(mutex_);
    notes.swap(notes_);
    looked.swap(looked_);
    error.swap(error_);
    news_ = false;
  }
  for (const std::string& note : notes) {
    if (tell_) tell_(note);
  }
  if (error) return pass_on(*std::move(error));
  return looked;
}

bool RemoteWork::looking() const {
  const std::lock_guard lock(mutex_);
  return !looks_.jobs.empty() || !looked_.empty();
}

bool RemoteWork::took(std::size_t step) const {
  const std::lock_guard lock(mutex_);
  return took_.contains(step);
}

std::vector<std::size_t> RemoteWork::pushing() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> steps;
  for (const Job& job : pushes_.jobs) steps.push_back(job.step);
  return steps;
}

void RemoteWork::wait(Milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return news_; });
}

Result<void> RemoteWork::finish(const std::function<void(const std::vector<std::size_t>&)>& show) {
  constexpr Milliseconds kBetweenLooks{100};
  std::vector<std::size_t> steps = pushing();
  if (!steps.empty() && !(context_.interrupt != nullptr && context_.interrupt->requested())) {
    std::vector<std::string> scopes;
    scopes.reserve(steps.size());
    for (const std::size_t step : steps) scopes.push_back(plan_.steps[step].recipe.scope);
    context_.listener->note("waiting for what goes into the remote store: " + join(scopes, ", "));
  }
  for (; !steps.empty(); steps = pushing()) {
    show(steps);
    wait(kBetweenLooks);
    ORTFORGE_CHECK(settle());
  }
  ORTFORGE_CHECK(settle());
  return {};
}

void RemoteWork::add(Lane& lane, Job job) {
  {
    const std::lock_guard lock(mutex_);
    lane.jobs.push_back(std::move(job));
  }
  if (!lane.thread.joinable()) lane.thread = std::thread([this, &lane] { work(lane); });
  changed_.notify_all();
}

void RemoteWork::work(Lane& lane) {
  // A umask of its own: libarchive changes that of the process for a moment with every file it unpacks, and
  // commands that are started then would inherit it. Where it is refused, that moment has to do.
  static_cast<void>(::unshare(CLONE_FS));
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closing_ || !lane.jobs.empty(); });
    if (closing_) return;
    const Job job = lane.jobs.front();
    lock.unlock();
    Result<void> done = act(job);
    lock.lock();
    if (!done && done.error().kind != ErrorKind::interrupted && !error_) error_ = done.error();
    lane.jobs.pop_front();
    if (&lane == &looks_) looked_.push_back(job.step);
    news_ = true;
    changed_.notify_all();
  }
}

Result<void> RemoteWork::act(const Job& job) const {
  if (context_.interrupt != nullptr && context_.interrupt->requested())
    return fail(ErrorKind::interrupted, "interrupted");
  try {
    return job.act();
  } catch (const std::exception& exception) {
    return fail(ErrorKind::internal, "{}: {}", plan_.steps[job.step].recipe.scope, exception.what());
  }
}

}  // namespace ortforge::build_detail

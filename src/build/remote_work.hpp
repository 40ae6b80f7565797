// What a running build has to do with the remote store, in threads beside it: steps start, end, run out of
// time and are stopped meanwhile. One thread looks for outputs, another puts them there.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ortforge/build/executor.hpp"

namespace ortforge::build_detail {

class RemoteWork {
 public:
  // The remote store is context.remote; null: nothing is looked for or put. Its notes come through settle().
  RemoteWork(const Plan& plan, const BuildContext& context);
  // Leaves out what has not begun, and waits for what has; an interrupt ends that within a second or so.
  ~RemoteWork();
  RemoteWork(const RemoteWork&) = delete;
  RemoteWork& operator=(const RemoteWork&) = delete;

  // Starts to look for an output of a step by content; false when there is no reason to, or it was done.
  bool look(std::size_t step, const std::string& content_key);
  // Starts to put the output of a step there, if it is to be.
  void push(std::size_t step, const StoreEntry& entry);

  // Steps that were looked for since the last call. Tells the notes that came up. Error: internal, what a
  // thread threw.
  Result<std::vector<std::size_t>> settle();
  // Whether settle() still has a step to give.
  bool looking() const;
  // Whether the look for a step gave an output, which the store has then.
  bool took(std::size_t step) const;
  // Waits until a look or a push is over that settle() has not seen, for at most `limit`.
  void wait(Milliseconds limit);
  // Waits until what steps made is there, once nothing is looked for any more; an interrupt ends that. `show`
  // gets the steps whose outputs are not there yet, again and again; the first is on its way. Error: as
  // settle().
  Result<void> finish(const std::function<void(const std::vector<std::size_t>&)>& show);

 private:
  struct Job {
    std::size_t step;
    std::function<Result<void>()> act;
  };
  struct Lane {
    std::deque<Job> jobs;  // the first is being done
    std::thread thread;    // from the first job on
  };

  std::vector<std::size_t> pushing() const;
  void add(Lane& lane, Job job);
  void work(Lane& lane);
  Result<void> act(const Job& job) const;

  const Plan& plan_;
  const BuildContext& context_;
  Store store_;
  std::function<void(const std::string&)> tell_;  // where the notes of the remote store went before
  std::set<std::size_t> asked_;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  Lane looks_;
  Lane pushes_;
  std::vector<std::size_t> looked_;
  std::set<std::size_t> took_;
  std::vector<std::string> notes_;
  std::optional<Error> error_;
  bool news_ = false;  // a job ended since settle() was called
  bool closing_ = false;
};

}  // namespace ortforge::build_detail

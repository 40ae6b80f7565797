// Finished steps in a place that machines share: taken from there instead of being run, put there when they
// have run. Nothing from there is used before its digests fit; whatever is wrong with it costs a local build
// and a note.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/source/remote_files.hpp"

namespace ortforge {

struct RemoteStoreOptions {
  bool push = false;                             // put outputs there
  std::function<bool(const Step&)> shared;       // whether a step's output may be shared; empty: every one
  std::function<void(const std::string&)> note;  // one line for people, from the thread that calls
  const Interrupt* interrupt = nullptr;
};

class RemoteStore {
 public:
  RemoteStore(std::unique_ptr<RemoteFiles> files, RemoteStoreOptions options)
      : files_(std::move(files)), options_(std::move(options)) {}

  // Where the notes go from now on; gives where they went until now.
  std::function<void(const std::string&)> tell(std::function<void(const std::string&)> note) {
    return std::exchange(options_.note, std::move(note));
  }

  // Whether it is to be asked for the output of a step, or given it, now: push is set, the step's outputs are
  // shared, the remote has not failed too often.
  bool takes(const Step& step) const;
  bool pushes(const Step& step) const;

  // All functions that follow: a failure is told with the step and the reason; after three in a row the
  // remote is left alone. One thread may push while another does the rest. Error: interrupted.

  // Whether it says to have the output of a step.
  Result<bool> holds(const Step& step);

  // Makes the output of a step an entry of the store; false when the remote does not have it as it should be.
  Result<bool> take(const Step& step, const Store& store);

  // The same for the output of a step of the same scope that had equal inputs by content; it is entered under
  // its own key, where Store::find_content finds it.
  Result<bool> take_equal(const Step& step, const std::string& content_key, const Store& store);

  // Puts an entry of the store there, where push is set and it is not there yet: archive first, metadata
  // last. What nobody would take (links that leave the output, files that are no longer as they were made) is
  // told and not put there.
  Result<void> push(const Step& step, const StoreEntry& entry, const Store& store);

 private:
  struct Use {
    const char* failed;
    int failures = 0;  // in a row
    bool over = false;
  };
  bool uses(const Use& use, const Step& step) const;
  void note(const Use& use, const Step& step, const std::string& reason) const;
  Result<bool> attempt(Use& use, const Step& step, const std::function<Result<bool>()>& act);
  Result<bool> enter(const Step& step, const std::string& key, const std::string& content_key,
                     const Store& store) const;
  Result<bool> put(const Step& step, const StoreEntry& entry, const Store& store) const;
  bool is_damaged(const std::string& key) const;

  std::unique_ptr<RemoteFiles> files_;
  RemoteStoreOptions options_;
  mutable std::mutex mutex_;  // of what follows
  Use taking_{"not taken from"};
  Use pushing_{"not put into"};
  std::set<std::string> damaged_;  // keys whose entry there is not what it says
};

// Takes what a build of the plan would run, from the results backwards, so that the needs of what was found
// are not asked for. Gives the steps that were taken; `store` has them. Errors: interrupted; as Store::find.
Result<std::set<std::size_t>> take_remote_steps(const Plan& plan, const Store& store, RemoteStore& remote);

// Takes what one step of the plan needs and the store lacks; `remote` may be null. Gives the scopes of the
// needs that the store lacks still. Errors: interrupted; as Store::find.
Result<std::vector<std::string>> take_needs(const Plan& plan, std::size_t step, const Store& store,
                                            RemoteStore* remote);

}  // namespace ortforge

// The outputs of a plan's steps: those the store holds, and those that are entered while the plan runs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/build/executor.hpp"
#include "ortforge/build/needed.hpp"

namespace ortforge::build_detail {

class StepOutputs {
 public:
  StepOutputs(const Plan& plan, const BuildContext& context)
      : plan_(plan), context_(context), store_(context.home), entries_(plan.steps.size()) {}

  const Store& store() const { return store_; }
  // The entry of a step that was found or entered; only for those.
  const StoreEntry& of(std::size_t step) const { return *entries_[step]; }

  // Which steps have to run; finds the outputs of those that are stored. Error: internal.
  Result<std::vector<Need>> look_up();

  // Finds the output that makes running the step needless: its own, or an equal one (same inputs by content),
  // which becomes its own too. Gives why it was found, for the record; empty: there is none. `records` are
  // the plan's records so far. The needs of the step are found or entered.
  Result<std::string> find_late(std::size_t step, std::vector<StepRecord>& records);

  // Which inputs the step has by content (content_key_of), when its needs are found or entered.
  std::string content_key(std::size_t step) const;

  // The name of a source that changed while the step read it, so that what came out is not the output of its
  // key; empty: none did.
  Result<std::string> changed_source(std::size_t step) const;

  // What is wrong with the finished output of a step, by BuildContext::fault_in_result; empty: nothing, or it
  // is no result.
  Result<std::string> fault_in(std::size_t step, const std::filesystem::path& output) const;

  // How much was tested, by BuildContext::tested, where the step is a test; only for steps as of().
  std::string tested(std::size_t step) const;

  // Enters a finished output: writes digest and files into the step's record, has a result completed with
  // what the record knows of it, keeps what the objects cost (nothing where `costs` is empty or the compiler
  // cache spared most of it), and moves the output into the store.
  Result<void> enter(std::size_t step, const std::filesystem::path& output,
                     const std::vector<ObjectCost>& costs, std::vector<StepRecord>& records);

 private:
  Result<void> complete_result(std::size_t step, const std::filesystem::path& output,
                               const std::vector<StepRecord>& records) const;
  Result<bool> find_equal(std::size_t step, std::vector<StepRecord>& records);

  const Plan& plan_;
  const BuildContext& context_;
  Store store_;
  std::vector<std::optional<StoreEntry>> entries_;
};

}  // namespace ortforge::build_detail

// One step while it runs: its work directory, its commands one after the other, what they used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "share.hpp"

#include "ortforge/build/executor.hpp"
#include "ortforge/build/work_directory.hpp"

namespace ortforge::build_detail {

class ActiveStep {
 public:
  ActiveStep(std::size_t index, const Step& step, WorkDirectory work, std::vector<Mount> mounts,
             const Share& share, const BuildOptions& options, StepRecord record)
      : index_(index),
        step_(&step),
        work_(std::move(work)),
        mounts_(std::move(mounts)),
        share_(share),
        limit_(options.step_timeout),
        cache_bytes_(options.cache_bytes),
        record_(std::move(record)) {}

  std::size_t index() const { return index_; }
  const Share& share() const { return share_; }
  ProcessId process() const { return process_; }
  StepRecord& record() { return record_; }
  const WorkDirectory& work() const { return work_; }
  std::filesystem::path output() const { return work_.path() / step_->recipe.output; }

  // Starts the next command; false when there is none left.
  Result<bool> start_next(BuildContext& context);
  // Takes in how the current command ended. True when the step may go on; false also when no time is left for
  // the next command.
  bool take(const Outcome& outcome);
  // Wall times of objects, from the Ninja logs of its build trees.
  std::vector<ObjectCost> object_costs() const;
  // The last `lines` lines of the step's log.
  std::string log_tail(const std::filesystem::path& home, std::size_t lines) const;
  // The newest "[done/total]" that Ninja printed, when it changed since the last call.
  std::optional<NinjaProgress> new_status();

 private:
  void watch(std::string_view text);
  std::map<std::string, std::string> cache_environment(const Environment& environment) const;

  std::size_t index_;
  const Step* step_;
  WorkDirectory work_;
  std::vector<Mount> mounts_;
  Share share_;
  std::optional<Milliseconds> limit_;  // of its commands together
  std::uint64_t cache_bytes_;          // of the compiler cache; 0: none
  StepRecord record_;
  std::size_t next_command_ = 0;
  ProcessId process_ = 0;
  std::string line_;
  std::optional<NinjaProgress> status_;
};

}  // namespace ortforge::build_detail

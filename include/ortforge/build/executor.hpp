// Runs a plan: ready steps side by side within the given cores and memory, each in its sandbox, finished
// outputs into the store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/build/progress.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/build/remote_store.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/environment/environment.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Told what happens; prints nothing by itself. Steps are indices into Plan::steps.
class BuildListener {
 public:
  virtual ~BuildListener() = default;
  virtual void started(std::size_t step, const std::string& reason) = 0;
  virtual void output(std::size_t step, std::string_view text) = 0;
  // `tail` holds the last lines of the log when the step failed.
  virtual void finished(std::size_t step, const StepRecord& record, const std::string& tail) = 0;
  virtual void progress(const ProgressView& view) = 0;
  virtual void note(const std::string& text) = 0;
};

struct BuildContext {
  std::filesystem::path home;
  std::map<std::string, const Environment*> environments;  // by name
  std::map<std::string, std::filesystem::path> trees;      // source and toolkit digest (hex) -> folder
  std::set<std::string> host_features;                     // CPU features as /proc/cpuinfo lists them
  std::map<std::string, std::map<std::string, std::string>> tools;  // environment -> program -> version line
  Recorder* recorder = nullptr;
  BuildListener* listener = nullptr;
  ProcessRunner* runner = nullptr;
  const Interrupt* interrupt = nullptr;
  std::function<std::int64_t()> now_ms;         // Unix time in milliseconds
  std::function<std::uint64_t()> memory_kills;  // processes killed for memory here so far; may be empty
  // Adds to a finished result's folder what the record knows of it (provenance, launcher), given the plan's
  // records so far; may be empty.
  std::function<Result<void>(const Plan&, std::size_t step, const std::vector<StepRecord>&,
                             const std::filesystem::path&)>
      complete_result;
  // Looks into the folder of a finished result before it is entered: what is wrong with it, which fails the
  // step, or nothing. May be empty.
  std::function<Result<std::string>(const Plan&, std::size_t step, const std::filesystem::path&)>
      fault_in_result;
  // What the output of a test says of how much was tested, as StepRecord::tested has it. May be empty.
  std::function<std::string(const Step&, const std::filesystem::path&)> tested;
  // Asked when a step has ended: the name of a source that changed while it was read, or nothing. May be
  // empty.
  std::function<Result<std::string>(const Step&)> changed_source;
  // Where outputs are put as soon as they are in the store, and looked for by content before a step runs,
  // both while other steps go on; the build waits for it at its end. May be null.
  RemoteStore* remote = nullptr;
  std::set<std::size_t> taken;  // steps whose output came from there, by take_remote_steps
  std::int64_t run_id = 0;
};

struct BuildOptions {
  std::size_t jobs = 1;                 // cores that may be busy
  std::optional<std::uint64_t> memory;  // bytes that steps may take together; nothing: no limit
  bool fail_fast = false;               // start nothing more after the first failure
  // For all commands of a step together, counted anew whenever the step runs; a step that takes longer fails.
  std::optional<Milliseconds> step_timeout;
  // What the compiler cache, which is prepared (compiler_cache.hpp), may grow to; 0: built without it.
  std::uint64_t cache_bytes = 0;
};

// One record per step of the plan, in its order.
struct BuildReport {
  std::vector<StepRecord> steps;
  bool interrupted = false;

  bool success() const;
  // The step that failed or was skipped, without which a step that was "not run" could not start; nothing
  // where an interruption, or the first failure of another step, ended the build before.
  std::optional<std::size_t> cause_of(const Plan& plan, std::size_t step) const;
};

// The folders a step sees below the work root: outputs of needed steps, sources, toolkit; all read-only.
// Error: internal when a needed output or tree is not there.
Result<std::vector<Mount>> step_mounts(const Plan& plan, std::size_t step, const Store& store,
                                       const BuildContext& context);

// What a sandbox shows of a toolkit prefix: at toolkit/ the prefix, and the folders that one of links leads
// to.
std::vector<Mount> toolkit_mounts(const std::filesystem::path& prefix);

// Whether the disk has room for the steps that still have to run. Error: missing, with the numbers.
Result<void> check_disk(const Plan& plan, const Store& store, const BuildOptions& options,
                        const std::filesystem::path& home);

// Runs the plan. Every key of the plan must be known. A step one of whose processes was killed for memory is
// recorded as failed and tried once more, alone and with one job; what it had finished stays. A failed step
// is in the report; an Error means that ortforge itself could not go on (disk full, database locked).
Result<BuildReport> execute(const Plan& plan, const BuildOptions& options, BuildContext& context);

}  // namespace ortforge

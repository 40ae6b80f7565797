// The record: one SQLite database (state.db in the home) with runs, steps, artefacts, tools and costs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"

namespace ortforge {

// Used by one thread at a time; any number of processes may use one file. Every call is one transaction: it
// is on record as a whole or not at all, also when the process is killed. A run is held by the process that
// began it until it is finished, the object goes away or the process ends; an unfinished run that nobody
// holds is read as "killed".
class Database : public Recorder {
 public:
  // Opens (and makes or migrates) the database of a home. Several processes may have it open: WAL, busy
  // timeout 30 s. Errors: missing (not writable, disk full), bad_input (made by a newer ortforge, damaged, or
  // not a record of ortforge).
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  // Opens an existing one for reading, also in a home that cannot be written; a null pointer when there is
  // none yet. Errors: as open().
  static Result<std::unique_ptr<Database>> open_existing(const std::filesystem::path& file);

  // Newest first.
  virtual Result<std::vector<RunRecord>> runs(std::size_t limit) = 0;
  virtual Result<std::optional<RunRecord>> run(std::int64_t id) = 0;
  virtual Result<std::vector<StepRecord>> steps_of_run(std::int64_t run_id) = 0;
  // Newest first; `variant` is a full name, `branch` may be empty (any: a full name does not say its branch).
  virtual Result<std::vector<StepRecord>> steps_of_variant(const std::string& variant,
                                                           const std::string& branch, std::size_t limit) = 0;
  // What is on record for a variant of a branch. `last_status` sums its newest run up, the first of these
  // that happened: "failed", "interrupted", "tested", "tested on the CPU" (a CUDA variant of which no test
  // ran on a GPU, then or ever before with the same key), "built", else what that run's last step says:
  // "partly built", "not run", "skipped".
  struct VariantState {
    std::string variant;
    std::string product;
    std::string branch;
    bool built = false;   // its result has been built once
    bool tested = false;  // its tests have passed once
    std::string last_status;
    std::int64_t last_ms = 0;  // when that run's newest step ended (Unix time, milliseconds)
  };
  // By variant and branch, in alphabetical order.
  virtual Result<std::vector<VariantState>> variant_states() = 0;
};

}  // namespace ortforge

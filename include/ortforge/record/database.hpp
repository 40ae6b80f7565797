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

class Database : public Recorder {
 public:
  // Opens (and makes or migrates) the database of a home. Several processes may have it open: WAL, busy timeout 30 s.
  // Errors: missing (not writable, disk full), bad_input (made by a newer ortforge, or not a database).
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  // Opens an existing one for reading; nothing when there is none yet.
  static Result<std::unique_ptr<Database>> open_existing(const std::filesystem::path& file);

  // Newest first.
  virtual Result<std::vector<RunRecord>> runs(std::size_t limit) = 0;
  virtual Result<std::optional<RunRecord>> run(std::int64_t id) = 0;
  virtual Result<std::vector<StepRecord>> steps_of_run(std::int64_t run_id) = 0;
  // Newest first; `variant` is a full name.
  virtual Result<std::vector<StepRecord>> steps_of_variant(const std::string& variant, std::size_t limit) = 0;
  // For each variant (full name -> statuses) what is on record: "built", "tested", "failed" with the newest run's time.
  struct VariantState {
    std::string variant;
    std::string product;
    std::string branch;
    bool built = false;
    bool tested = false;
    std::string last_status;
    std::int64_t last_ms = 0;
  };
  virtual Result<std::vector<VariantState>> variant_states() = 0;
};

}  // namespace ortforge

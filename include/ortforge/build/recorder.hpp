// What a build tells about itself, and what it wants to know of earlier ones. `record` implements it with
// SQLite.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/process/command.hpp"

namespace ortforge {

// One call of ortforge that may build.
struct RunRecord {
  std::int64_t id = 0;
  std::vector<std::string> command_line;
  std::string ortforge_version;
  std::int64_t started_ms = 0;   // Unix time in milliseconds
  std::int64_t finished_ms = 0;  // 0: still running, or killed
  // "succeeded", "failed", "interrupted"; empty: not finished; "killed": not finished and no process holds it
  // any more (only ever read, never written).
  std::string result;
  std::map<std::string, std::string> host;  // "cpu", "cores", "memory_bytes", "kernel", "os", "platform"
  std::string matrix_revision;              // git commit of the matrix's repository; empty: not in one
  bool matrix_clean = true;                 // no uncommitted change in the matrix folder
};

struct ArtefactRecord {
  std::string path;  // relative to the store entry
  std::uint64_t bytes = 0;
  std::string sha256;  // hex
};

// What the compiler cache did for the objects of a step, over all attempts in its work directory.
struct CacheUse {
  std::uint64_t hits = 0;    // taken from it
  std::uint64_t misses = 0;  // compiled, and in it since then

  // Whether the step's times still say what compiling costs: less than a tenth of its objects were hits.
  bool measures_compiling() const { return hits == 0 || hits * 10 < hits + misses; }
  bool operator==(const CacheUse&) const = default;
};

// How a step of a run ended. "reused" steps were found in the store and did not run; "not needed" ones, which
// only steps in the store read, stand in reports and are never recorded.
struct StepRecord {
  std::int64_t id = 0;
  std::int64_t run_id = 0;
  std::string key;
  std::string name;   // component: "core"
  std::string role;   // "result": its output is the result of its variants; "test": it tests them; else empty
  std::string scope;  // RecipeStep::scope
  std::string product;
  std::string branch;
  std::vector<std::string> variants;
  std::string environment;
  std::string environment_digest;
  std::string status;  // "built", "reused", "failed", "interrupted", "not run", "skipped"
  std::string reason;  // why it ran, or why not ("host lacks avx512_bf16")
  std::string tested;  // of a test without failures: kTestedFully ...; empty: not known
  Ending ending;       // of the last command; meaningful for "built", "failed", "interrupted"
  Usage usage;         // summed over its commands, peak is the maximum
  CacheUse cache;
  std::int64_t started_ms = 0;
  std::int64_t finished_ms = 0;
  std::string log;  // path of the log below the home
  std::string output_digest;
  std::vector<ArtefactRecord> artefacts;
  std::map<std::string, std::string> tools;  // program -> version line
  std::string derivation;                    // of a step that Nix built: the derivation's store path
  std::string store_path;                    // and that of the output, where that is known
};

// Reasons that the next run, or the record, goes by.
inline constexpr const char* kGoesOn = "goes on where an earlier attempt stopped";
inline constexpr const char* kGoesOnAlone = "goes on alone, with one job, after it was killed for memory";
// Of a failed attempt that the same run makes good or not: says nothing of its variants yet.
inline constexpr const char* kTriedAgain = "killed for memory; tried again alone";

// What StepRecord::tested says of the tests of a variant that ran.
inline constexpr const char* kTestedFully = "full";    // for a CUDA variant: on a GPU
inline constexpr const char* kTestedOnCpu = "cpu";     // a CUDA variant's, none of them on a GPU
inline constexpr const char* kTestedNothing = "none";  // all were skipped

// Wall milliseconds of one object file, from Ninja's log.
struct ObjectCost {
  std::string object;
  std::int64_t wall_ms = 0;
};

class Recorder {
 public:
  virtual ~Recorder() = default;

  // Enters a run; gives its number.
  virtual Result<std::int64_t> begin_run(const RunRecord& run) = 0;
  virtual Result<void> finish_run(std::int64_t run_id, const std::string& result,
                                  std::int64_t finished_ms) = 0;
  // Enters a finished (or skipped, or reused) step; gives its number.
  virtual Result<std::int64_t> add_step(const StepRecord& step) = 0;
  // Replaces the object costs known for a scope.
  virtual Result<void> set_object_costs(const std::string& scope, const std::vector<ObjectCost>& costs) = 0;

  // The newest successful step of a scope (any key), or nothing.
  virtual Result<std::optional<StepRecord>> last_built(const std::string& scope) = 0;
  // The same among those whose times measure compiling (CacheUse); used for expected costs.
  virtual Result<std::optional<StepRecord>> last_measured(const std::string& scope) = 0;
  // The newest of those steps of a component of a branch whose scope fits a pattern, in which * stands for
  // any text (RecipeStep::siblings), or nothing.
  virtual Result<std::optional<StepRecord>> last_of_component(const std::string& branch,
                                                              const std::string& component,
                                                              const std::string& scopes) = 0;
  // The newest step with a key, or nothing.
  virtual Result<std::optional<StepRecord>> last_with_key(const std::string& key) = 0;
  virtual Result<std::vector<ObjectCost>> object_costs(const std::string& scope) = 0;
};

}  // namespace ortforge

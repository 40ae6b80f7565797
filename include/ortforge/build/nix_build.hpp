// Builds variants with Nix: each recipe is evaluated, all derivations are built by one call of Nix, what came
// of them is recorded and linked. What Nix has built stays in its store, so the next call goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ortforge/build/nix_failure.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// One variant and the file of its expression.
struct NixRequest {
  std::string variant;  // full name
  std::string product;
  std::string branch;
  std::string platform;  // "x86_64-linux"
  std::filesystem::path expression;
  std::filesystem::path link;  // result link to make, which is a root for Nix's collector; empty: none
};

struct NixOptions {
  std::vector<std::pair<std::string, std::string>> settings;  // of nix.conf: "max-jobs", "builders"
  std::filesystem::path nixpkgs;  // a package set in place of the pinned one; empty: the pinned one
  bool fail_fast = false;         // start nothing more after the first failure
};

// How far all builds are.
struct NixProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::size_t failed = 0;
  struct Running {
    std::string name;   // "onnxruntime-1.23.2"
    std::string phase;  // "buildPhase"; empty where it says none
    std::string line;   // what it printed last
  };
  std::vector<Running> running;
  std::int64_t elapsed_ms = 0;
};

// Told what happens; prints nothing by itself.
class NixListener {
 public:
  virtual ~NixListener() = default;
  virtual void evaluating(const std::string& variant) = 0;
  virtual void started(const std::string& name) = 0;
  virtual void output(const std::string& name, std::string_view line) = 0;
  virtual void built(const std::string& name, Milliseconds took) = 0;
  // `tail`: the last lines of its log. `log` is a path below the home; empty: there is none.
  virtual void failed(const std::string& name, const NixFailure& failure, const std::string& tail,
                      const std::string& log) = 0;
  virtual void progress(const NixProgress& view) = 0;
};

struct NixContext {
  std::filesystem::path home;
  std::filesystem::path directory;                 // where the commands run
  std::map<std::string, std::string> environment;  // of the commands: the user's own
  Recorder* recorder = nullptr;                    // null in a dry run
  NixListener* listener = nullptr;
  ProcessRunner* runner = nullptr;
  const Interrupt* interrupt = nullptr;
  std::function<std::int64_t()> now_ms;  // Unix time in milliseconds
  std::int64_t run_id = 0;
  std::string version;  // of Nix, for the record
};

// How one variant came out.
struct NixResult {
  std::string variant;
  std::string status;      // "built", "reused", "failed", "interrupted", "not run"
  std::string reason;      // why it is no better; of one that was reused, where it was
  std::string derivation;  // store paths; empty where the evaluation did not get that far
  std::string output;
  bool there = false;                 // the output is in Nix's store
  std::optional<NixFailure> failure;  // of the variant, or of what it needs
};

struct NixReport {
  std::vector<NixResult> results;  // in the order of the requests
  std::vector<StepRecord> steps;   // as they were recorded: derivations that were built, then the results
  bool interrupted = false;

  bool success() const;
};

// What a build would do.
struct NixForecast {
  struct Item {
    std::string variant;
    std::string state;  // "in the store", "would be built", "failed" (evaluation)
    std::string reason;
    std::string derivation;
    std::string output;
    std::optional<NixFailure> failure;
  };
  std::vector<Item> items;         // in the order of the requests
  std::vector<std::string> build;  // derivations, in Nix's order
  std::vector<std::string> fetch;  // paths of binary caches
};

// The version line of Nix. Error: missing, naming the package, when it is not installed or does not start.
Result<std::string> nix_version(NixContext& context);

// Builds the variants; what fails is in the report. Settings go to every call of Nix. An Error means that
// ortforge itself could not go on (disk full, database locked).
Result<NixReport> nix_build(const std::vector<NixRequest>& requests, const NixOptions& options,
                            NixContext& context);

// Evaluates the variants and asks Nix what it would build and fetch. Errors: interrupted; as nix_build.
Result<NixForecast> nix_forecast(const std::vector<NixRequest>& requests, const NixOptions& options,
                                 NixContext& context);

}  // namespace ortforge

// What a build prints when it is done: text and JSON (docs/json/build.schema.json).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/build/executor.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/record/test_results.hpp"
#include "ortforge/report/plan.hpp"

namespace ortforge {

// What came of the tests of a variant.
struct TestCounts {
  std::size_t passed = 0;
  std::size_t skipped = 0;
  std::vector<std::string> reasons;  // why they were skipped, each once
};

// How one variant came out.
struct VariantOutcome {
  std::string variant;
  std::string status;                 // "tested", "built", "failed", "interrupted", "not run"
  std::string reason;                 // why it is not tested or built
  bool built = false;                 // its result is in the store
  bool reused = false;                // it was there before this run
  std::filesystem::path path;         // store entry
  std::string link;                   // result link in the current folder; empty: none
  std::string glibc;                  // oldest that its libraries run with, "2.38"; empty: none is asked for
  std::optional<CudaCode> cuda_code;  // of its libraries; nothing: not looked for
  std::optional<TestCounts> tests;    // nothing: they have not passed, or left no report
  std::string no_gpu;  // why none of a tested CUDA variant's tests ran on a GPU; empty: one did, or none need
};

VariantOutcome outcome_of(const PlannedResult& result, const BuildReport& report);

// Enters what the tests of a tested variant came to; "tested" becomes "built" when all were skipped.
void add_tests(VariantOutcome& outcome, const std::vector<TestOutcome>& tests, bool cuda);

struct BuildSummary {
  std::int64_t run_id = 0;
  std::string result;  // "succeeded", "failed", "interrupted"
  std::int64_t wall_ms = 0;
  const Plan* plan = nullptr;
  const BuildReport* report = nullptr;
  std::vector<VariantOutcome> outcomes;
  std::vector<SkippedVariant> skipped;
  const std::vector<PlanRequest>& requests;
  const Hardware* hardware = nullptr;  // for the driver that CUDA variants need; may be absent
  const Store* store = nullptr;        // for the size of results that were there before; may be absent
};

// How each variant came out, what it is and needs and where it lies; how many an interruption left
// unfinished; what was left out; a line for the run.
std::string build_text(const BuildSummary& summary);
std::string build_json(const BuildSummary& summary);

}  // namespace ortforge

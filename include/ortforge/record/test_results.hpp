// What run-tests.sh found out on a machine (docs/json/test-results.schema.json), and what the record makes of
// it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge {

struct TestOutcome {
  std::string name;
  std::string status;  // "passed", "failed", "skipped"
  std::int64_t ms = 0;
  std::string message;  // why it did not pass
};

struct TestedVariant {
  std::string product;
  std::string branch;
  std::string variant;  // full name
  std::string result_key;
  std::string result_scope;
  std::string test_key;
  std::string test_scope;
  std::vector<ArtefactRecord> files;  // libraries and programs as they were there; sizes are not known
  std::vector<TestOutcome> tests;
};

struct TestResults {
  std::int64_t started_ms = 0;  // Unix time, milliseconds
  std::int64_t finished_ms = 0;
  std::map<std::string, std::string> host;  // "cpu", "gpu", "compute_capability" ...; unknown ones left out
  std::map<std::string, std::string> libraries;  // "libcudart.so.13" -> version; "": not found
  std::vector<TestedVariant> variants;
};

// Reads a results file; `origin` stands for it in messages. Error: bad_input "FILE: PATH: what is wrong".
Result<TestResults> parse_test_results(std::string_view text, const std::string& origin);

// Whether what was tested is what the store has: the same libraries and programs with the same digests.
// Error: bad_input, naming file, variant and library.
Result<void> check_tested_files(const TestedVariant& tested, const StoreEntry& result,
                                const std::string& origin);

// What the tests of a variant come to.
struct TestVerdict {
  // As StepRecord: "failed" when a test failed; "skipped" when none passed, or for a CUDA variant none on a
  // GPU (tests called "gpu.*"); else "built".
  std::string status;
  std::string reason;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};
TestVerdict verdict_of(const TestedVariant& tested, bool cuda);

// StepRecord::tested of tests that came to this; empty when one failed.
std::string tested_word(const TestVerdict& verdict);

// Facts about the machine as a run keeps them: host, and the CUDA libraries in one line.
std::map<std::string, std::string> host_facts_of(const TestResults& results);

// The step that stands for the tests of one variant.
StepRecord test_step_of(const TestResults& results, const TestedVariant& tested, const TestVerdict& verdict,
                        const std::string& environment);

}  // namespace ortforge

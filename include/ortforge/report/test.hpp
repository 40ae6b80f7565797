// What `ortforge test` prints: text and JSON (docs/json/test.schema.json).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ortforge/record/test_results.hpp"

namespace ortforge {

struct TestedRow {
  std::string product;
  std::string branch;
  std::string variant;
  TestVerdict verdict;
};

// One call: what was packed, or what tests came to on which machine.
struct TestSummary {
  std::int64_t run_id = 0;  // 0: packed, nothing ran
  std::string archive;      // path of the archive; empty: nothing was packed
  std::uint64_t bytes = 0;  // of the archive
  std::string machine;      // "NVIDIA H200, driver 580.126.16"; empty: no GPU
  std::vector<TestedRow> rows;

  bool success() const;
};

// "NVIDIA H200, driver 580.126.16" of the facts of a host; "no GPU" where there is none.
std::string machine_words(const std::map<std::string, std::string>& host);

std::string test_text(const TestSummary& summary, std::size_t width);
std::string test_json(const TestSummary& summary);

}  // namespace ortforge

// Stored results with their tests, laid out as a folder that runs on another machine.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// One variant to test elsewhere: its result, and the output of its test step, which holds the kit (tests.txt
// and what its commands use; docs/gpu-tests.md).
struct TestKit {
  std::string product;
  std::string branch;
  Variant variant;
  std::string environment;  // of its test step
  StoreEntry result;
  StoreEntry test;
  std::vector<std::string> features;   // CPU features its tests need
  std::string glibc;                   // oldest it runs with; empty: any
  std::vector<std::string> libraries;  // it needs from CUDA: "libcublas.so.13"
};

// The kit of a planned result; glibc and libraries are left to the caller. Error: missing, with the command
// that helps, when result or tests are not in the store, or the tests there bring no kit.
Result<TestKit> find_test_kit(const Plan& plan, const PlannedResult& planned, const Variant& variant,
                              const Store& store);

// Whether a file of a result goes along: libraries, programs and the unpacked wheel; no headers, debug
// information or archives. `path` is relative to the result.
bool goes_along(const std::string& path);

// Gives those files of a tree a second name below `target` whose path, relative to `source`, `wanted` lets
// pass. Links stay links; absolute ones are left out. Errors: missing, internal.
Result<void> link_tree(const std::filesystem::path& source, const std::filesystem::path& target,
                       const std::function<bool(const std::string&)>& wanted);

// Makes `folder` (absent or empty) hold the script and, below variants/, each kit with its result. Files of
// the store are hard links, so the folder lies on the store's file system and is only read. Errors: missing,
// internal.
Result<void> lay_out_tests(const std::vector<TestKit>& kits, const std::filesystem::path& script,
                           const std::filesystem::path& folder);

}  // namespace ortforge

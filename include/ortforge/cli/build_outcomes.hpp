// What becomes of results when a run is over: looked into, linked into the user's folder, their tests
// counted.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/cli/build_setup.hpp"
#include "ortforge/report/build.hpp"

namespace ortforge {

// Whether the result links of all variants could be made, asked before anything is built. Errors: as
// check_link_place, the first.
Result<void> check_link_places(Session& session, const BuildSetup& setup);

// What the output of a test step says of how much was tested, as StepRecord::tested; empty where it has no
// report of tests, or one that cannot be read.
std::string tested_by(const std::vector<PlanRequest>& requests, const Step& test,
                      const std::filesystem::path& output);

// How each variant came out, in the order of the setup's variants, which that of the plan's results and of
// the requests is too. With `link`, makes a result link in the current folder to every result that is there
// and has no fault; `linked` is the first error of that (as link_result), and the others are linked all the
// same. A result with a fault is "failed"; one that was in the store may be older than the audit, or come
// from elsewhere, and its reason says how to be rid of it. What cannot be looked into (libraries, a report
// of tests) is said on standard error and fails nothing.
std::vector<VariantOutcome> take_results(Session& session, const BuildSetup& setup, const Plan& plan,
                                         const std::vector<PlanRequest>& requests, const BuildReport& report,
                                         bool link, Result<void>& linked);

}  // namespace ortforge

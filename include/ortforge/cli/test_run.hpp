// What `ortforge test` does: finds stored results with their tests, packs or runs them, records what came
// out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/test_kit.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/report/test.hpp"

namespace ortforge {

// The kits of the variants; those whose result or tests are not in the store are left out unless `all` is
// wanted. Builds nothing. Errors: as find_test_kit; missing when none is left.
Result<std::vector<TestKit>> find_test_kits(BuildSetup& setup, bool all);

// Writes them as one archive, with the Python of their environments.
Result<TestSummary> pack_tests(Session& session, BuildSetup& setup, const std::vector<TestKit>& kits,
                               const std::filesystem::path& archive);

// Runs them in their environment, with the GPUs of this machine, and records the outcome. Errors: bad_input
// (several environments, another call of it runs), missing, interrupted.
Result<TestSummary> run_tests(Session& session, BuildSetup& setup, const std::vector<TestKit>& kits);

// Records the results in a text, which `origin` stands for, as a run; `environment` says where they come
// from. Errors: bad_input (not in the form; variants that the matrix does not have; other files than the
// store has), missing (the result is not in the store).
Result<TestSummary> record_tests(Session& session, const std::filesystem::path& home, const std::string& text,
                                 const std::string& origin, const std::string& environment);

}  // namespace ortforge

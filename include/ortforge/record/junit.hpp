// Tests as ctest reports them: junit.xml in the output of a test step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/record/test_results.hpp"

namespace ortforge {

// Reads such a report, without times. The message of a skipped test is what it printed behind "skipped: "
// (docs/gpu-tests.md), else ctest's own. `origin` stands for the file in messages. Error: bad_input.
Result<std::vector<TestOutcome>> parse_junit(std::string_view text, const std::string& origin);

}  // namespace ortforge

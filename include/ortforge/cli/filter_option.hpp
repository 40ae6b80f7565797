// Filter expressions on the command line.
#pragma once

#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// Takes away the variants that do not pass the filter; an empty one lets all pass. Error: bad_input as
// Filter::parse; a text that is or occurs in the name of one of them gets the expression for it as a hint.
Result<void> keep_matching(std::vector<Variant>& variants, const std::string& filter);

// Says on standard error that no variant passed; not with --quiet.
void say_nothing_passes(const Session& session);

}  // namespace ortforge

// The option --toolkit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/cli/command.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/source/installed_toolkit.hpp"

namespace ortforge {

void add_toolkit_option(OptionSet& options, std::vector<std::string>& folders);

// The toolkit that takes the place of wheels; nothing where none is named. One that the user's settings name
// (Session::toolkit) counts for CUDA variants only. `environment`: instead of the branches' own; empty:
// those. Errors: bad_input (a variant it counts for is built where the folders are not seen), as
// find_installed_toolkit.
Result<std::optional<InstalledToolkit>> installed_toolkit(Session& session,
                                                          const std::vector<std::string>& option,
                                                          const std::vector<Variant>& variants,
                                                          const std::string& environment);

// Why there is no toolkit for a variant: wheels of its line, or the installed one. Nothing when there is one,
// or none is needed.
std::optional<Error> lack_of_toolkit(const Matrix& matrix, const Variant& variant,
                                     const std::optional<InstalledToolkit>& installed);

}  // namespace ortforge

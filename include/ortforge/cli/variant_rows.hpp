// Variants with what this machine can do and what is on record.
#pragma once

#include <vector>

#include "ortforge/cli/session.hpp"
#include "ortforge/report/variants.hpp"

namespace ortforge {

// A variant is buildable here when the CMake backend can build it, the platform is this machine's, wheels are
// named for its CUDA toolkit, and the programs of its environment (bubblewrap; mmdebstrap for one that has to
// be made) are there. Error: as Database::open_existing.
Result<std::vector<VariantRow>> variant_rows(Session& session, std::vector<Variant> variants);

}  // namespace ortforge

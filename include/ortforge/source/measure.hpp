// The digest of content that nobody has recorded yet.
#pragma once

#include "ortforge/base/digest.hpp"
#include "ortforge/matrix/product.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {

// Gets a source from the first of its origins that gives it and takes the Nix archive hash of the tree, as
// `nar` pins it; nothing is kept. Errors: missing (no network, every origin failed: each with its reason),
// bad_input (a damaged archive, links that leave the tree), interrupted.
Result<Digest> measure_source(const Source& source, const SourceContext& context);

}  // namespace ortforge

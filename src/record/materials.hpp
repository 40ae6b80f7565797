// What a result was made from, as its provenance lists it.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "ortforge/build/workshop.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/record/provenance.hpp"

namespace ortforge {

// The sources that `steps` read, with what the cache recorded of their origins, and their toolkit: with its
// wheels, or `installed` with its folders; by name. Those of other products than the last step's have theirs
// in front. Errors: as content_digest; internal when a step belongs to no request.
Result<std::vector<Material>> materials_of(const Plan& plan, const std::set<std::size_t>& steps,
                                           const std::vector<PlanRequest>& requests,
                                           const SourceContext& context,
                                           const std::optional<InstalledToolkit>& installed);

// An environment with the packages or files that identify it.
Material environment_material(const Environment& environment);

// A recipe by one digest over every file of it.
Material recipe_material(const Recipe& recipe);

}  // namespace ortforge

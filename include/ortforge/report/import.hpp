// Views of a tree of recipes compared with the matrix: text and JSON (docs/json/import.schema.json).
#pragma once

#include <cstddef>
#include <string>

#include "ortforge/matrix/import.hpp"

namespace ortforge {

// Recipes of a finding are counted; `each`: all are named, else only where they are three at most.
std::string import_text(const ImportReport& report, const RecipeTree& tree, bool each,
                        std::size_t width = 80);

std::string import_json(const ImportReport& report, const RecipeTree& tree);

}  // namespace ortforge

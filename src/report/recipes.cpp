#include "ortforge/report/recipes.hpp"

#include <set>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

const char* word(RecipeDifference::Kind kind) {
  switch (kind) {
    case RecipeDifference::Kind::missing:
      return "missing";
    case RecipeDifference::Kind::different:
      return "different";
    case RecipeDifference::Kind::stale:
      break;
  }
  return "stale";
}

}  // namespace

std::string recipes_text(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written, const std::filesystem::path& folder) {
  std::string text;
  if (!written) {
    for (const RecipeDifference& difference : differences) text += describe(difference) + "\n";
  }
  std::size_t recipes = 0;
  // Recipes that were asked for by name are a set each, also when they are of one branch.
  std::set<std::filesystem::path> branches;
  for (const RecipeSet& set : sets) {
    recipes += set.recipes.size();
    branches.insert(set.directory);
  }
  const char* differ = differences.size() == 1 ? "differs" : "differ";
  return text + fmt::format("{} of {} in {}: {} {}\n", counted(recipes, "recipe"),
                            counted(branches.size(), "branch", "branches"), folder.string(),
                            counted(differences.size(), "file"), written ? "written or removed" : differ);
}

std::string recipes_json(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written) {
  Json json{{"schema", "generate/1"}, {"written", written}};
  Json list = Json::array();
  for (const RecipeSet& set : sets) {
    for (const Recipe& recipe : set.recipes) {
      list.push_back({{"variant", recipe.variant},
                      {"backend", recipe.backend},
                      {"folder", (set.directory / recipe.variant).generic_string()}});
    }
  }
  json["recipes"] = std::move(list);
  Json files = Json::array();
  for (const RecipeDifference& difference : differences) {
    files.push_back({{"file", difference.file.generic_string()}, {"state", word(difference.kind)}});
  }
  json["files"] = std::move(files);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

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

std::string committed_text(const std::vector<RecipeSet>& sets, const GitCommitted& committed) {
  std::size_t recipes = 0;
  for (const RecipeSet& set : sets) recipes += set.recipes.size();
  const std::string count = counted(recipes, "recipe");
  const std::string commit = committed.commit.substr(0, 12);
  if (committed.made) return fmt::format("{} on branch {}: commit {}\n", count, committed.branch, commit);
  return fmt::format("{} on branch {}: nothing changed since commit {}\n", count, committed.branch, commit);
}

std::string recipes_json(const std::vector<RecipeSet>& sets, const std::vector<RecipeDifference>& differences,
                         bool written, const GitCommitted* committed) {
  Json json{{"schema", "generate/1"}, {"written", written}};
  Json list = Json::array();
  for (const RecipeSet& set : sets) {
    for (const Recipe& recipe : set.recipes) {
      const std::filesystem::path folder = set.flat ? set.directory : set.directory / recipe.variant;
      list.push_back({{"variant", recipe.variant},
                      {"backend", recipe.backend},
                      {"folder", folder.empty() ? "." : folder.generic_string()}});
    }
  }
  json["recipes"] = std::move(list);
  Json files = Json::array();
  for (const RecipeDifference& difference : differences) {
    files.push_back({{"file", difference.file.generic_string()}, {"state", word(difference.kind)}});
  }
  json["files"] = std::move(files);
  if (committed != nullptr) {
    json["commit"] = {{"branch", committed->branch}, {"id", committed->commit}, {"made", committed->made}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

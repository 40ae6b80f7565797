#include "ortforge/recipe/recipe_tree.hpp"

#include <algorithm>
#include <map>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

using Kind = RecipeDifference::Kind;
using Contents = std::map<std::string, const std::string*>;  // path below the recipes folder -> content

Contents contents_of(const std::vector<RecipeSet>& sets) {
  Contents contents;
  for (const RecipeSet& set : sets) {
    for (const Recipe& recipe : set.recipes) {
      const fs::path folder = set.flat ? set.directory : set.directory / recipe.variant;
      for (const auto& [path, content] : recipe.files) contents[(folder / path).generic_string()] = &content;
    }
    for (const auto& [path, content] : set.files)
      contents[(set.directory / path).generic_string()] = &content;
  }
  return contents;
}

// Folders in which every file must belong to a recipe.
std::vector<fs::path> owned_folders(const std::vector<RecipeSet>& sets) {
  std::vector<fs::path> folders;
  for (const RecipeSet& set : sets) {
    if (set.whole_branch) {
      folders.push_back(set.owned.empty() ? set.directory : set.directory / set.owned);
    } else if (!set.flat) {
      for (const Recipe& recipe : set.recipes) folders.push_back(set.directory / recipe.variant);
    }
  }
  return folders;
}

RecipeDifference difference_of(const std::string& file, const std::string& found,
                               const std::string& expected) {
  RecipeDifference difference{file, Kind::different, 1, {}, {}};
  const std::vector<std::string> old_lines = split(found, '\n');
  const std::vector<std::string> new_lines = split(expected, '\n');
  std::size_t i = 0;
  while (i < old_lines.size() && i < new_lines.size() && old_lines[i] == new_lines[i]) ++i;
  difference.line = i + 1;
  if (i < old_lines.size()) difference.found = old_lines[i];
  if (i < new_lines.size()) difference.expected = new_lines[i];
  return difference;
}

// A line cut to what fits into a message, with bytes that are no text shown as "?".
std::string shown(std::string line) {
  constexpr std::size_t kLongest = 80;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return line.size() <= kLongest ? line : line.substr(0, kLongest) + "...";
}

void remove_empty_folders(const fs::path& folder, fs::path directory) {
  std::error_code error;
  while (directory != folder && fs::is_empty(directory, error) && !error && fs::remove(directory, error)) {
    directory = directory.parent_path();
  }
}

}  // namespace

std::string describe(const RecipeDifference& difference) {
  const std::string file = difference.file.generic_string();
  switch (difference.kind) {
    case Kind::missing:
      return "missing: " + file;
    case Kind::stale:
      return "stale: " + file;
    case Kind::different:
      break;
  }
  return fmt::format("different: {}:{}: found '{}', expected '{}'", file, difference.line,
                     shown(difference.found), shown(difference.expected));
}

Result<RecipeSet> render_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                                const TemplateFolder& templates, const RecipeOptions& options) {
  constexpr const char* kBackend = "cmake";
  RecipeSet set;
  set.directory = fs::path(product.name) / branch.name / kBackend;
  set.whole_branch = true;
  for (const Variant& variant : variants_of(matrix, product, branch)) {
    const auto backend = variant.backends.find(kBackend);
    if (backend == variant.backends.end() || !backend->second.feasible) continue;
    ORTFORGE_TRY(Recipe recipe, render_cmake_recipe(matrix, variant, templates, options));
    set.recipes.push_back(std::move(recipe));
  }
  return set;
}

std::map<std::string, std::string> files_in(const std::vector<RecipeSet>& sets) {
  std::map<std::string, std::string> files;
  for (const auto& [path, content] : contents_of(sets)) files.emplace(path, *content);
  return files;
}

Result<std::vector<RecipeDifference>> compare_recipes(const std::vector<RecipeSet>& sets,
                                                      const fs::path& folder) {
  std::vector<RecipeDifference> differences;
  const Contents contents = contents_of(sets);
  std::error_code error;
  for (const auto& [path, content] : contents) {
    if (!fs::exists(folder / path, error)) {
      differences.push_back({path, Kind::missing, 0, {}, {}});
      continue;
    }
    ORTFORGE_TRY(const std::string found, read_file(folder / path));
    if (std::string_view(found) != std::string_view(*content))
      differences.push_back(difference_of(path, found, *content));
  }
  for (const fs::path& owned : owned_folders(sets)) {
    fs::recursive_directory_iterator item(folder / owned, error), end;
    for (; !error && item != end; item.increment(error)) {
      if (item->is_directory() && !item->is_symlink()) continue;
      const std::string path = fs::path(item->path()).lexically_relative(folder).generic_string();
      if (!contents.contains(path)) differences.push_back({path, Kind::stale, 0, {}, {}});
    }
  }
  std::sort(differences.begin(), differences.end(),
            [](const auto& a, const auto& b) { return a.file < b.file; });
  return differences;
}

Result<std::vector<RecipeDifference>> write_recipes(const std::vector<RecipeSet>& sets,
                                                    const fs::path& folder) {
  ORTFORGE_TRY(const std::vector<RecipeDifference> differences, compare_recipes(sets, folder));
  const Contents contents = contents_of(sets);
  for (const RecipeDifference& difference : differences) {
    const fs::path target = folder / difference.file;
    if (difference.kind == Kind::stale) {
      ORTFORGE_CHECK(remove_tree(target));
      remove_empty_folders(folder, target.parent_path());
    } else {
      ORTFORGE_CHECK(write_file(target, *contents.at(difference.file.generic_string())));
    }
  }
  return differences;
}

}  // namespace ortforge

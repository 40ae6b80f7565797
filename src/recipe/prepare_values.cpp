#include "prepare_values.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

// A text of one or more lines as the rest of a CMake comment.
std::string comment_text(const std::string& text) {
  return join(split(text, '\n'), "\n# ");
}

// One call of a function of edit.cmake: its name and the arguments behind number, source and file.
Result<TemplateValues> edit_row(const ComponentPlace& place, const Substitution& edit, std::size_t index,
                                const std::string& where) {
  ORTFORGE_TRY(const std::string to, expand_placeholders(edit.to, placeholders_of(place, ""), where));
  std::string function;
  std::vector<std::string> arguments;
  switch (edit.kind) {
    case Substitution::Kind::replace:
      function = "replace";
      arguments = {edit.from, to};
      break;
    case Substitution::Kind::write_file:
      function = "write_file";
      arguments = {to};
      break;
    case Substitution::Kind::delete_file:
      function = "delete_file";
      break;
    case Substitution::Kind::delete_lines:
      function = "delete_lines";
      arguments = {edit.from, std::to_string(edit.following_lines)};
      break;
  }
  TemplateValues item = row({{"function", function},
                             {"number", std::to_string(index)},
                             {"source", edit.source},
                             {"file", edit.file},
                             {"why", comment_text(edit.why)}});
  auto& rows = item.lists["arguments"];
  for (const std::string& argument : arguments) rows.push_back(row({{"argument", argument}}));
  return item;
}

}  // namespace

Result<TemplateValues> prepare_values(const ComponentPlace& place) {
  TemplateValues values = template_values_of(place);
  auto& sources = values.lists["sources"];
  for (const auto& [name, source] : place.branch.sources) {
    ORTFORGE_TRY(const bool wanted, applies(source.when, place, "source " + name));
    if (wanted) sources.push_back(row({{"name", name}, {"subdirectory", source.subdirectory}}));
  }
  auto& patches = values.lists["patches"];
  for (const Patch& patch : place.branch.patches) {
    ORTFORGE_TRY(const bool wanted, applies(patch.when, place, "patch " + patch.file));
    if (!wanted) continue;
    TemplateValues item =
        row({{"source", patch.source}, {"from_source", patch.from_source}, {"file", patch.file}});
    auto& arguments = item.lists["arguments"];
    for (const std::string& argument : patch.arguments) arguments.push_back(row({{"argument", argument}}));
    patches.push_back(std::move(item));
  }
  auto& edits = values.lists["edits"];
  for (std::size_t i = 0; i < place.branch.substitutions.size(); ++i) {
    const Substitution& edit = place.branch.substitutions[i];
    const std::string where =
        fmt::format("{} {}: substitutions[{}]", place.product.name, place.branch.name, i);
    ORTFORGE_TRY(const bool wanted, applies(edit.when, place, where));
    if (!wanted) continue;
    ORTFORGE_TRY(TemplateValues item, edit_row(place, edit, i, where));
    edits.push_back(std::move(item));
  }
  auto& stubs = values.lists["stubs"];
  std::vector<std::string> seen;
  for (const Component& component : place.branch.components) {
    if (component.source_directory.empty() || runs_setup_py(component)) continue;
    if (std::find(seen.begin(), seen.end(), component.source_directory) != seen.end()) continue;
    seen.push_back(component.source_directory);
    stubs.push_back(row({{"directory", component.source_directory}}));
  }
  return values;
}

}  // namespace ortforge::recipe_detail

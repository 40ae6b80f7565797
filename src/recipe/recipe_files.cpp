#include "recipe_files.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "presets.hpp"

namespace ortforge::recipe_detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemplateSuffix = ".mustache";

TemplateValues row(std::map<std::string, std::string> texts) {
  TemplateValues values;
  values.texts = std::move(texts);
  return values;
}

// The edits of the prepared trees, as rows for prepare.cmake.
Result<TemplateValues> prepare_values(const ComponentPlace& place, const std::set<std::string>& outputs) {
  TemplateValues values = template_values_of(place, outputs);
  auto& sources = values.lists["sources"];
  for (const auto& [name, source] : place.branch.sources) {
    ORTFORGE_TRY(const bool wanted, applies(source.when, place, "source " + name));
    if (wanted) sources.push_back(row({{"name", name}, {"subdirectory", source.subdirectory}}));
  }
  auto& patches = values.lists["patches"];
  for (const Patch& patch : place.branch.patches) {
    ORTFORGE_TRY(const bool wanted, applies(patch.when, place, "patch " + patch.file));
    if (!wanted) continue;
    TemplateValues item = row({{"source", patch.source}, {"from_source", patch.from_source}, {"file", patch.file}});
    auto& arguments = item.lists["arguments"];
    for (const std::string& argument : patch.arguments) arguments.push_back(row({{"argument", argument}}));
    patches.push_back(std::move(item));
  }
  auto& edits = values.lists["edits"];
  const PlaceholderValues placeholders = placeholders_of(place, "");
  for (const Substitution& edit : place.branch.substitutions) {
    const std::string where = fmt::format("substitution in {}/{}", edit.source, edit.file);
    ORTFORGE_TRY(const bool wanted, applies(edit.when, place, where));
    if (!wanted) continue;
    TemplateValues item = row({{"source", edit.source}, {"file", edit.file}, {"from", edit.from}, {"why", edit.why},
                               {"number", std::to_string(edits.size() + 1)},
                               {"following_lines", std::to_string(edit.following_lines)}});
    ORTFORGE_TRY(item.texts["to"], expand_placeholders(edit.to, placeholders, where));
    item.switches["replace"] = edit.kind == Substitution::Kind::replace;
    item.switches["write_file"] = edit.kind == Substitution::Kind::write_file;
    item.switches["delete_file"] = edit.kind == Substitution::Kind::delete_file;
    item.switches["delete_lines"] = edit.kind == Substitution::Kind::delete_lines;
    edits.push_back(std::move(item));
  }
  auto& stubs = values.lists["stubs"];
  std::vector<std::string> seen;
  for (const Component& component : place.branch.components) {
    if (component.source_directory.empty()) continue;
    if (std::find(seen.begin(), seen.end(), component.source_directory) != seen.end()) continue;
    seen.push_back(component.source_directory);
    stubs.push_back(row({{"directory", component.source_directory}}));
  }
  return values;
}

TemplateValues toolchain_values(const ComponentPlace& place, const std::set<std::string>& outputs) {
  TemplateValues values = template_values_of(place, outputs);
  values.texts["flags"] = join(flags_of(place), " ");
  return values;
}

// Adds the product's template files whose name (without ".mustache") fits the pattern.
Result<void> add_product_files(const ComponentPlace& place, const std::string& pattern, const fs::path& folder,
                               const std::set<std::string>& outputs, std::map<std::string, std::string>& files) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::recursive_directory_iterator item(folder, error), end; !error && item != end; item.increment(error)) {
    if (item->is_regular_file()) found.push_back(item->path());
  }
  std::sort(found.begin(), found.end());
  bool any = false;
  for (const fs::path& path : found) {
    std::string name = fs::relative(path, folder).generic_string();
    const bool rendered = name.ends_with(kTemplateSuffix);
    if (rendered) name.resize(name.size() - std::string_view(kTemplateSuffix).size());
    if (::fnmatch(pattern.c_str(), name.c_str(), 0) != 0) continue;
    any = true;
    if (rendered) {
      ORTFORGE_TRY(files[name], render_template_file(path, template_values_of(place, outputs)));
    } else {
      ORTFORGE_TRY(files[name], read_file(path));
    }
  }
  if (any) return {};
  return fail(ErrorKind::bad_input, "{}: component {}: no template fits '{}' in {}", place.product.name, place.component.name,
              pattern, folder.string());
}

}  // namespace

Result<std::map<std::string, std::string>> step_files(const ComponentPlace& place, const fs::path& templates,
                                                      const std::set<std::string>& outputs) {
  std::map<std::string, std::string> files;
  const Component& component = place.component;
  const fs::path common = templates / "cmake";
  if (component.kind == "prepare") {
    ORTFORGE_TRY(const TemplateValues values, prepare_values(place, outputs));
    ORTFORGE_TRY(files["prepare.cmake"], render_template_file(common / "prepare.cmake.mustache", values));
    ORTFORGE_TRY(files["edit.cmake"], read_file(common / "edit.cmake"));
  } else if (component.kind == "build") {
    ORTFORGE_TRY(const ComponentPresets presets, presets_of(place));
    files[kPresetsFile] = presets_file({presets});
    ORTFORGE_TRY(files["toolchain/" + component.name + ".cmake"],
                 render_template_file(common / "toolchain.cmake.mustache", toolchain_values(place, outputs)));
    ORTFORGE_TRY(files["hook.cmake"], read_file(common / "hook.cmake"));
  }
  for (const std::string& pattern : component.files) {
    ORTFORGE_CHECK(add_product_files(place, pattern, templates / place.product.name, outputs, files));
  }
  return files;
}

std::string recipe_json(const Recipe& recipe, const Product& product, const Branch& branch, const Variant& variant) {
  Json json;
  json["schema"] = "recipe/1";
  json["variant"] = variant.name;
  json["product"] = product.name;
  json["branch"] = branch.name;
  json["version"] = branch.version;
  json["backend"] = recipe.backend;
  json["environment"] = recipe.environment;
  Json steps = Json::array();
  Json sources = Json::array();
  for (const RecipeStep& step : recipe.steps) {
    for (const std::string& name : step.sources) {
      const Source& source = branch.sources.at(name);
      Json item{{"name", name}, {"version", source.version}, {"directory", "sources/" + name}};
      item["digest"] = source.digest_kind == Source::DigestKind::none ? Json(nullptr) : Json(source.digest.sri());
      item["digest_of"] = source.digest_kind == Source::DigestKind::file ? "file" : "tree";
      sources.push_back(std::move(item));
    }
    Json commands = Json::array();
    for (const Command& command : step.commands) {
      commands.push_back({{"argv", command.argv},
                          {"environment", command.environment},
                          {"directory", command.directory.empty() ? "." : command.directory.generic_string()}});
    }
    Json files = Json::array();
    for (const auto& [path, content] : step.files) files.push_back(path);
    steps.push_back({{"name", step.name}, {"kind", step.kind}, {"scope", step.scope}, {"output", step.output},
                     {"needs", step.needs}, {"sources", step.sources}, {"files", std::move(files)},
                     {"toolkit", step.toolkit}, {"features", step.features}, {"commands", std::move(commands)}});
  }
  json["sources"] = std::move(sources);
  json["steps"] = std::move(steps);
  return json.dump(2) + "\n";
}

Result<std::string> recipe_readme(const Recipe& recipe, const Product& product, const Branch& branch, const Variant& variant,
                                  const fs::path& templates) {
  TemplateValues values = row({{"variant", variant.name}, {"title", product.title}, {"version", branch.version},
                               {"branch", branch.name}, {"product", product.name}, {"environment", recipe.environment}});
  auto& steps = values.lists["steps"];
  for (const RecipeStep& step : recipe.steps) {
    TemplateValues item = row({{"name", step.name}, {"output", step.output}});
    auto& commands = item.lists["commands"];
    for (const Command& command : step.commands) {
      std::string line = command.directory.empty() ? "" : "(cd " + command.directory.generic_string() + " && ";
      line += join(command.argv, " ") + (command.directory.empty() ? "" : ")");
      commands.push_back(row({{"line", line}}));
    }
    steps.push_back(std::move(item));
  }
  return render_template_file(templates / "cmake" / "README.md.mustache", values);
}

}  // namespace ortforge::recipe_detail

#include "recipe_text.hpp"

#include "recipe_files.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

constexpr const char* kSchema = "recipe/1";

Json source_json(const Source& source) {
  Json json{{"name", source.name},
            {"version", source.version},
            {"license", source.license},
            {"directory", "sources/" + source.name}};
  json["digest"] = source.digest_kind == Source::DigestKind::none ? Json(nullptr) : Json(source.digest.sri());
  json["digest_of"] = source.digest_kind == Source::DigestKind::file ? "file" : "tree";
  return json;
}

Json command_json(const Command& command) {
  return {{"argv", command.argv},
          {"environment", command.environment},
          {"directory", command.directory.empty() ? "." : command.directory.generic_string()}};
}

Json step_json(const RecipeStep& step, const std::string& environment) {
  Json commands = Json::array();
  for (const Command& command : step.commands) commands.push_back(command_json(command));
  Json files = Json::array();
  for (const auto& [path, content] : step.files) files.push_back(path);
  Json json{{"name", step.name},
            {"kind", step.kind},
            {"scope", step.scope},
            {"output", step.output},
            {"needs", step.needs},
            {"sources", step.sources},
            {"files", files},
            {"toolkit", step.toolkit},
            {"tools", step.tools},
            {"features", step.features},
            {"commands", std::move(commands)}};
  if (!step.continues.empty()) json["continues"] = step.continues;
  if (step.environment != environment) json["environment"] = step.environment;
  return json;
}

// An argument as one can type it into a POSIX shell.
std::string quoted(const std::string& argument) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=+:,@%";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string shown(const Command& command) {
  std::vector<std::string> words;
  for (const auto& [name, value] : command.environment) words.push_back(name + "=" + quoted(value));
  for (const std::string& argument : command.argv) words.push_back(quoted(argument));
  const std::string line = join(words, " ");
  return command.directory.empty()
             ? line
             : "(cd " + quoted(command.directory.generic_string()) + " && " + line + ")";
}

}  // namespace

std::string recipe_json(const Recipe& recipe, const Product& product, const Branch& branch,
                        const Variant& variant) {
  Json json{{"schema", kSchema},
            {"variant", variant.name},
            {"product", product.name},
            {"branch", branch.name},
            {"version", branch.version},
            {"backend", recipe.backend},
            {"environment", recipe.environment}};
  for (const RequiredResult& required : recipe.required) {
    json["requires"].push_back({{"product", required.product},
                                {"branch", required.branch},
                                {"variant", required.variant},
                                {"directory", required.folder}});
  }
  json["sources"] = Json::array();
  json["toolkit"] = Json::array();
  json["steps"] = Json::array();
  bool toolkit = false;
  for (const RecipeStep& step : recipe.steps) {
    for (const std::string& name : step.sources)
      json["sources"].push_back(source_json(branch.sources.at(name)));
    json["steps"].push_back(step_json(step, recipe.environment));
    toolkit = toolkit || step.toolkit;
  }
  if (toolkit && !recipe.installed_toolkit) {
    for (const Source& wheel : branch.lines.at(variant.line).toolkit_sources) {
      Json item = source_json(wheel);
      item["directory"] = "toolkit";
      json["toolkit"].push_back(std::move(item));
    }
  }
  return json.dump(2) + "\n";
}

Result<std::string> recipe_readme(const Recipe& recipe, const Product& product, const Branch& branch,
                                  const Variant& variant, const TemplateFolder& templates) {
  TemplateValues values = row({{"variant", variant.name},
                               {"title", product.title},
                               {"version", branch.version},
                               {"branch", branch.name},
                               {"environment", recipe.environment}});
  auto& required = values.lists["required"];
  for (const RequiredResult& other : recipe.required)
    required.push_back(row({{"variant", other.variant}, {"folder", other.folder}}));
  values.switches["presets"] = recipe.files.contains(kPresetsFile);
  auto& components = values.lists["components"];
  auto& steps = values.lists["steps"];
  for (const RecipeStep& step : recipe.steps) {
    TemplateValues item =
        row({{"name", step.name}, {"output", step.output}, {"environment", step.environment}});
    item.switches["elsewhere"] = step.environment != recipe.environment;
    for (const Command& command : step.commands)
      item.lists["commands"].push_back(row({{"line", shown(command)}}));
    if (step.files.contains(kPresetsFile)) components.push_back(row({{"name", step.name}}));
    values.switches["toolkit"] = values.switches["toolkit"] || step.toolkit;
    steps.push_back(std::move(item));
  }
  return templates.render("cmake/README.md", values);
}

}  // namespace ortforge::recipe_detail

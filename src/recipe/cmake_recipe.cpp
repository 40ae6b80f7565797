#include <algorithm>

#include "component_values.hpp"
#include "presets.hpp"
#include "recipe_files.hpp"
#include "recipe_text.hpp"

#include "ortforge/base/text.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge {
namespace {

using recipe_detail::applies;
using recipe_detail::ComponentPlace;
using recipe_detail::has_axis;

// The earliest date a zip archive (and so a wheel) can hold, 1980-01-01T00:00:00Z: builds that ask for a date
// get this one.
constexpr const char* kSourceDateEpoch = "315532800";

// What setup.py takes its settings from; of two variables with one name that both apply, the later counts.
Result<std::map<std::string, std::string>> variables_of(const ComponentPlace& place,
                                                        const PlaceholderValues& values) {
  std::map<std::string, std::string> variables;
  if (!recipe_detail::runs_setup_py(place.component)) return variables;
  for (const Variable& variable : place.branch.variables) {
    const std::string where =
        fmt::format("{} {}: variable {}", place.product.name, place.branch.name, variable.name);
    ORTFORGE_TRY(const bool in, applies(variable.when, place, where));
    if (!in) continue;
    ORTFORGE_TRY(variables[variable.name], expand_placeholders(variable.value, values, where));
  }
  return variables;
}

Result<std::vector<Command>> commands_of(const ComponentPlace& place) {
  std::vector<Command> commands;
  const PlaceholderValues values = recipe_detail::placeholders_of(place, "");
  ORTFORGE_TRY(const auto variables, variables_of(place, values));
  const std::string where = fmt::format("{}: commands of {}", place.product.name, place.component.name);
  const std::vector<std::string> outputs = recipe_detail::outputs_of(place);
  for (const CommandTemplate& wanted : place.component.commands) {
    if (!wanted.output.empty() && std::find(outputs.begin(), outputs.end(), wanted.output) == outputs.end())
      continue;
    ORTFORGE_TRY(const bool in, applies(wanted.when, place, where));
    if (!in) continue;
    Command command;
    for (const std::string& argument : wanted.argv) {
      ORTFORGE_TRY(std::string expanded, expand_placeholders(argument, values, where));
      command.argv.push_back(std::move(expanded));
    }
    for (const auto& [name, value] : wanted.environment) {
      ORTFORGE_TRY(command.environment[name], expand_placeholders(value, values, where));
    }
    command.environment.insert(variables.begin(), variables.end());  // what the command says stands
    command.environment.emplace("SOURCE_DATE_EPOCH", kSourceDateEpoch);
    ORTFORGE_TRY(const std::string directory, expand_placeholders(wanted.directory, values, where));
    command.directory = directory;
    commands.push_back(std::move(command));
  }
  if (commands.empty())
    return fail(ErrorKind::bad_input, "{}: none applies to {}", where, place.variant.name);
  return commands;
}

// Sources that the variant takes, in name order.
Result<std::vector<std::string>> sources_of(const ComponentPlace& place) {
  std::vector<std::string> names;
  for (const auto& [name, source] : place.branch.sources) {
    ORTFORGE_TRY(const bool wanted, applies(source.when, place, fmt::format("source {}", name)));
    if (wanted) names.push_back(name);
  }
  return names;
}

// Whether an output that the component is for is asked for.
bool is_wanted(const ComponentPlace& place) {
  const std::vector<std::string>& own = place.component.outputs;
  const std::vector<std::string> asked = recipe_detail::outputs_of(place);
  return own.empty() || std::any_of(own.begin(), own.end(), [&](const std::string& output) {
           return std::find(asked.begin(), asked.end(), output) != asked.end();
         });
}

// A test does, and setup.py imports the packages it is built on.
bool runs_what_was_built(const Component& component) {
  const auto& needs = component.needs;
  return component.kind == "test" || (recipe_detail::runs_setup_py(component) &&
                                      std::any_of(needs.begin(), needs.end(), [](const std::string& need) {
                                        return foreign_need(need).has_value();
                                      }));
}

Result<RecipeStep> step_of(const ComponentPlace& place, const TemplateFolder& templates) {
  const Component& component = place.component;
  RecipeStep step;
  step.name = component.name;
  step.kind = component.kind;
  step.scope = recipe_detail::scope_of(place);
  step.siblings = recipe_detail::siblings_of(place);
  if (component.kind == "build") step.cache_namespace = recipe_detail::cache_namespace_of(place);
  step.output = component.kind == "prepare" ? "src" : "out/" + component.name;
  step.needs = component.needs;
  const auto own = place.line.environments.find(component.name);
  step.environment = !place.options.environment.empty()     ? place.options.environment
                     : own != place.line.environments.end() ? own->second
                                                            : place.branch.environment;
  step.continues = component.continues;
  step.tools = component.tools;
  step.expected_cpu_ms = component.expected_cpu_ms;
  step.peak_bytes = component.peak_bytes;
  ORTFORGE_TRY(const HeavyTargets heavy, recipe_detail::heavy_of(place));
  step.heavy_bytes = heavy.peak_bytes;
  step.disk_bytes = component.disk_bytes;
  step.toolkit = component.kind == "build" && place.variant.is_cuda() && has_axis(component, "cuda");
  if (runs_what_was_built(component))
    step.features = isa_of(place.matrix, place.branch, place.variant.isa).features;
  if (component.kind == "prepare") {
    ORTFORGE_TRY(step.sources, sources_of(place));
  }
  ORTFORGE_TRY(step.commands, commands_of(place));
  ORTFORGE_TRY(step.files, recipe_detail::step_files(place, templates));
  return step;
}

// Notes what the step reads of other products.
Result<void> add_required(const Matrix& matrix, const Variant& variant, const RecipeStep& step,
                          std::vector<RequiredResult>& all) {
  for (const std::string& need : step.needs) {
    const auto foreign = foreign_need(need);
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const RequiredResult& other) { return other.need == need; });
    if (!foreign || known) continue;
    ORTFORGE_TRY(const Variant other, required_variant(matrix, variant, foreign->product));
    all.push_back({need, other.product, other.branch, other.name, "out/" + need});
  }
  return {};
}

}  // namespace

Result<Recipe> render_cmake_recipe(const Matrix& matrix, const Variant& variant,
                                   const std::filesystem::path& templates, const RecipeOptions& options) {
  ORTFORGE_TRY(const TemplateFolder folder, TemplateFolder::load(templates));
  return render_cmake_recipe(matrix, variant, folder, options);
}

Result<Recipe> render_cmake_recipe(const Matrix& matrix, const Variant& variant,
                                   const TemplateFolder& templates, const RecipeOptions& options) {
  const Product& product = matrix.products.at(variant.product);
  const Branch& branch = product.branches.at(variant.branch);
  const auto backend = variant.backends.find("cmake");
  if (backend == variant.backends.end()) {
    return fail(ErrorKind::bad_input, "branch {} does not offer the CMake backend", branch.name);
  }
  if (!backend->second.feasible) {
    return fail(ErrorKind::bad_input, "{} is infeasible: {} (rule {})", variant.name, backend->second.fact,
                backend->second.rule);
  }
  Recipe recipe;
  recipe.variant = variant.name;
  recipe.backend = "cmake";
  recipe.environment = options.environment.empty() ? branch.environment : options.environment;
  recipe.installed_toolkit = options.installed_toolkit;
  std::vector<recipe_detail::ComponentPresets> presets;
  for (const Component& component : branch.components) {
    const ComponentPlace place{matrix,  product,   branch, branch.lines.at(variant.line),
                               variant, component, options};
    ORTFORGE_TRY(const bool wanted, applies(component.when, place, "component " + component.name));
    if (!wanted || !is_wanted(place)) continue;
    ORTFORGE_TRY(RecipeStep step, step_of(place, templates));
    // A need on a component that this variant does not have (a CPU variant has no provider) falls away.
    std::erase_if(step.needs, [&](const std::string& need) {
      return !foreign_need(need) && std::none_of(recipe.steps.begin(), recipe.steps.end(),
                                                 [&](const RecipeStep& s) { return s.name == need; });
    });
    if (component.kind == "build" && !recipe_detail::runs_setup_py(component)) {
      ORTFORGE_TRY(auto own, recipe_detail::presets_of(place));
      presets.push_back(std::move(own));
    }
    for (const auto& [path, content] : step.files) {
      const auto [present, is_new] = recipe.files.emplace(path, content);
      if (!is_new && present->second != content && path != recipe_detail::kPresetsFile) {
        return fail(ErrorKind::internal, "{}: two components want different content for {}", variant.name,
                    path);
      }
    }
    ORTFORGE_CHECK(add_required(matrix, variant, step, recipe.required));
    recipe.steps.push_back(std::move(step));
  }
  const bool gives_something = std::any_of(recipe.steps.begin(), recipe.steps.end(), [](const RecipeStep& s) {
    return s.kind == "build" || s.kind == "package";
  });
  if (!gives_something) {
    return fail(ErrorKind::bad_input, "{}: no component of branch {} gives the output {}", variant.name,
                branch.name, join({options.outputs.begin(), options.outputs.end()}, " or "));
  }
  if (!presets.empty()) recipe.files[recipe_detail::kPresetsFile] = recipe_detail::presets_file(presets);
  ORTFORGE_TRY(recipe.files["run-steps.cmake"], templates.render("cmake/run-steps.cmake", {}));
  recipe.files["recipe.json"] = recipe_detail::recipe_json(recipe, product, branch, variant);
  ORTFORGE_TRY(recipe.files["README.md"],
               recipe_detail::recipe_readme(recipe, product, branch, variant, templates));
  return recipe;
}

}  // namespace ortforge

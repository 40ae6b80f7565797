#include "ortforge/record/result_files.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "materials.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/environment/python_launcher.hpp"
#include "ortforge/record/provenance.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// The step and everything it needs, in plan order.
std::set<std::size_t> with_needs(const Plan& plan, std::size_t step) {
  std::set<std::size_t> all{step};
  for (std::size_t i = step + 1; i-- > 0;) {
    if (!all.contains(i)) continue;
    all.insert(plan.steps[i].needs.begin(), plan.steps[i].needs.end());
  }
  return all;
}

// The logs of those steps that ran.
Result<std::vector<ArtefactRecord>> logs_of(const std::set<std::size_t>& steps,
                                            const std::vector<StepRecord>& records, const fs::path& home) {
  std::vector<ArtefactRecord> logs;
  for (const std::size_t step : steps) {
    const std::string& log = records[step].log;
    std::error_code error;
    if (log.empty() || !fs::exists(home / log, error)) continue;
    ORTFORGE_TRY(const Digest digest, sha256_file(home / log));
    logs.push_back({log, fs::file_size(home / log, error), digest.hex()});
  }
  return logs;
}

}  // namespace

Result<std::map<std::string, std::string>> cmake_options(const Recipe& recipe) {
  std::map<std::string, std::string> options;
  const auto file = recipe.files.find("CMakePresets.json");
  if (file == recipe.files.end()) return options;
  ORTFORGE_TRY(const Json json, parse_json(file->second, file->first));
  ORTFORGE_TRY(const JsonPlace list, JsonPlace(json, file->first).at("configurePresets"));
  ORTFORGE_TRY(const auto presets, list.elements());
  for (const JsonPlace& preset : presets) {
    ORTFORGE_TRY(const std::string name, preset.string("name"));
    ORTFORGE_TRY(const JsonPlace entries, preset.at("cacheVariables"));
    ORTFORGE_TRY(const auto variables, entries.members());
    for (const auto& [variable, value] : variables) {
      ORTFORGE_TRY(options[fmt::format("{}/{}", name, variable)],
                   value.value().is_object() ? value.string("value") : value.string());
    }
  }
  return options;
}

Result<void> ResultFiles::add(const Plan& plan, std::size_t index, const std::vector<StepRecord>& records,
                              const fs::path& output) const {
  const Step& step = plan.steps[index];
  ORTFORGE_TRY(const PlanRequest* request, request_of(*requests, step));
  for (const auto& [path, content] : request->recipe.files)
    ORTFORGE_CHECK(write_file(output / "recipe" / path, content));
  const Environment& environment = *workshop->environments().at(step.environment);
  const bool wheel = workshop->options().outputs.contains("wheel");
  if (wheel && !request->variant.python.empty()) {
    ORTFORGE_CHECK(
        write_file(output / "bin" / "python", python_launcher(environment, request->variant.python), true));
  }

  ProvenanceInput input;
  input.subjects = records[index].artefacts;
  input.variant = request->variant.name;
  input.product = step.product;
  input.branch = step.branch;
  input.backend = request->recipe.backend;
  input.environment = step.environment;
  input.outputs = workshop->options().outputs;
  for (const auto& [name, path] : workshop->options().overrides) input.replaced_sources.insert(name);
  const auto toolkit = workshop->installed_toolkit_of(request->recipe);
  if (toolkit) input.toolkit = toolkit->folders;
  const std::set<std::size_t> steps = with_needs(plan, index);
  for (const std::size_t i : steps) {
    const Step& part = plan.steps[i];
    // What did not run in this run (found in a store, or needed by what was found) was made by other tools,
    // maybe elsewhere.
    const bool ran = records[i].status == "built";
    const std::string name =
        part.product == step.product ? part.recipe.name : part.product + "." + part.recipe.name;
    ProvenanceStep item{name, part.key, records[i].output_digest, !ran, part.recipe.commands, {}};
    if (ran) item.tools = records[i].tools;
    input.steps.push_back(std::move(item));
  }
  input.host = run.host;
  ORTFORGE_TRY(input.options, cmake_options(request->recipe));
  for (const RecipeStep& own : request->recipe.steps) {  // setup.py takes its options from the environment
    if (!own.files.contains("front-end.cmake")) continue;
    for (const auto& [name, value] : own.commands.front().environment)
      input.options[fmt::format("{}/{}", own.name, name)] = value;
  }
  ORTFORGE_TRY(input.dependencies, materials_of(plan, steps, *requests, workshop->source_context(), toolkit));
  input.dependencies.push_back(environment_material(environment));
  input.dependencies.push_back(recipe_material(request->recipe));
  if (matrix_state) {
    if (auto material = matrix_material(*matrix_state)) input.dependencies.push_back(std::move(*material));
  }
  input.ortforge_version = run.ortforge_version;
  input.invocation = fmt::format("run {}", run.id);
  input.started_ms = records[index].started_ms;
  input.finished_ms = records[index].finished_ms;
  ORTFORGE_TRY(input.logs, logs_of(steps, records, workshop->options().home));
  ORTFORGE_TRY(const std::string text, provenance_text(input));
  return write_file(output / "provenance.json", text);
}

}  // namespace ortforge

#include "ortforge/record/result_files.hpp"

#include <algorithm>
#include <set>

#include "ortforge/base/file.hpp"
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

Result<std::vector<Material>> materials_of(const Plan& plan, const std::set<std::size_t>& steps,
                                           const PlanRequest& request, const Workshop& workshop) {
  std::map<std::string, Material> materials;
  const auto add_source = [&](const std::string& name, const Source& source,
                              const std::string& digest_hex) -> Result<void> {
    ORTFORGE_TRY(const Digest digest, parse_digest(digest_hex));
    std::map<std::string, std::string> annotations{{"version", source.version}};
    if (!source.license.empty()) annotations["license"] = source.license;
    std::string uri;
    if (const auto fetched = workshop.fetched().find(digest_hex); fetched != workshop.fetched().end()) {
      uri = fetched->second.origin;
      if (!fetched->second.revision.empty()) annotations["revision"] = fetched->second.revision;
    }
    const bool file =
        source.digest_kind == Source::DigestKind::file && !workshop.options().overrides.contains(source.name);
    materials["source/" + name] = file ? file_material("source/" + name, digest, uri, annotations)
                                       : tree_material("source/" + name, digest, uri, annotations);
    return {};
  };
  for (const std::size_t index : steps) {
    const Step& step = plan.steps[index];
    for (const std::string& name : step.recipe.sources) {
      ORTFORGE_CHECK(add_source(name, request.branch->sources.at(name), step.parts.at("source/" + name)));
    }
    if (!step.recipe.toolkit) continue;
    for (const Source& wheel : request.line->toolkit_sources) {
      ORTFORGE_CHECK(add_source(wheel.name, wheel, wheel.digest.hex()));
    }
  }
  std::vector<Material> result;
  for (auto& [name, material] : materials) result.push_back(std::move(material));
  return result;
}

Material environment_material(const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> packages;
  for (const Ingredient& ingredient : environment.ingredients())
    packages.emplace_back(ingredient.name, ingredient.version);
  return list_material("environment/" + environment.name(), environment.digest(), std::move(packages));
}

// One digest over every file of the recipe, by name.
Digest recipe_digest(const Recipe& recipe) {
  KeyParts parts;
  for (const auto& [path, content] : recipe.files) parts[path] = sha256(content).hex();
  return parse_digest(key_of(parts)).value();
}

}  // namespace

Result<void> ResultFiles::add(const Plan& plan, std::size_t index, const std::vector<StepRecord>& records,
                              const fs::path& output) const {
  const Step& step = plan.steps[index];
  const auto request = std::find_if(requests->begin(), requests->end(), [&](const PlanRequest& candidate) {
    return std::find(step.variants.begin(), step.variants.end(), candidate.variant.name) !=
               step.variants.end() &&
           candidate.variant.branch == step.branch;
  });
  if (request == requests->end())
    return fail(ErrorKind::internal, "{}: belongs to no variant", step.recipe.scope);
  for (const auto& [path, content] : request->recipe.files)
    ORTFORGE_CHECK(write_file(output / "recipe" / path, content));
  const Environment& environment = *workshop->environments().at(step.environment);
  if (!request->variant.python.empty()) {
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
  const std::set<std::size_t> steps = with_needs(plan, index);
  for (const std::size_t i : steps) {
    const Step& part = plan.steps[i];
    ProvenanceStep item{part.recipe.name,         part.key,
                        records[i].output_digest, records[i].status == "reused",
                        part.recipe.commands,     records[i].tools};
    input.steps.push_back(std::move(item));
  }
  input.host = run.host;
  ORTFORGE_TRY(input.dependencies, materials_of(plan, steps, *request, *workshop));
  input.dependencies.push_back(environment_material(environment));
  input.dependencies.push_back(list_material("recipe", recipe_digest(request->recipe)));
  if (matrix_state) {
    if (auto material = matrix_material(*matrix_state)) input.dependencies.push_back(std::move(*material));
  }
  input.ortforge_version = run.ortforge_version;
  input.invocation = fmt::format("run {}", run.id);
  input.started_ms = records[index].started_ms;
  input.finished_ms = records[index].finished_ms;
  ORTFORGE_TRY(const std::string text, provenance_text(input));
  return write_file(output / "provenance.json", text);
}

}  // namespace ortforge

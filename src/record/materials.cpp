#include "materials.hpp"

namespace ortforge {
namespace {

// The digest of a source's whole content; `identity` is what the plan has of it, empty: nothing.
Result<Digest> whole_digest(const Source& source, const std::string& identity, const SourceContext& context) {
  const bool in_place =
      context.overrides.contains(source.name) || source.digest_kind == Source::DigestKind::none;
  if (!in_place) return source.digest;
  // A folder as the plan read it; where only a part of it is used, the identity is not that of its content.
  if (!identity.empty() && source.subdirectory.empty()) return parse_digest(identity);
  return content_digest(source, context);
}

Result<Material> source_material(const std::string& name, const Source& source, const std::string& identity,
                                 const SourceContext& context) {
  std::map<std::string, std::string> annotations{{"version", source.version}};
  if (!source.license.empty()) annotations["license"] = source.license;
  if (!source.subdirectory.empty()) annotations["subdirectory"] = source.subdirectory;
  std::string uri;
  // Steps that were reused may have outlived their sources in the cache: then nothing says where from.
  if (const auto record = source_record(source, context); record && *record) {
    uri = (*record)->origin;
    if (!(*record)->revision.empty()) annotations["revision"] = (*record)->revision;
  }
  ORTFORGE_TRY(const Digest digest, whole_digest(source, identity, context));
  const bool is_file =
      source.digest_kind == Source::DigestKind::file && !context.overrides.contains(source.name);
  return is_file ? file_material(name, digest, uri, annotations)
                 : tree_material(name, digest, uri, annotations);
}

Result<Material> toolkit_material(const Step& step, const std::vector<Source>& wheels) {
  std::vector<std::pair<std::string, std::string>> packages;
  packages.reserve(wheels.size());
  for (const Source& wheel : wheels) packages.emplace_back(wheel.name, wheel.version);
  ORTFORGE_TRY(const Digest digest, parse_digest(step.parts.at("toolkit")));
  return list_material("toolkit", digest, std::move(packages));
}

Result<Material> installed_material(const Step& step, const InstalledToolkit& toolkit) {
  ORTFORGE_TRY(const Digest digest, parse_digest(step.parts.at("toolkit")));
  Material material = list_material("toolkit", digest);
  material.annotations = {{"version", toolkit.version}, {"folders", toolkit.places()}};
  return material;
}

}  // namespace

Result<std::vector<Material>> materials_of(const Plan& plan, const std::set<std::size_t>& steps,
                                           const std::vector<PlanRequest>& requests,
                                           const SourceContext& context,
                                           const std::optional<InstalledToolkit>& installed) {
  std::map<std::string, Material> materials;
  const std::string& product = plan.steps[*steps.rbegin()].product;
  for (const std::size_t index : steps) {
    const Step& step = plan.steps[index];
    ORTFORGE_TRY(const PlanRequest* request, request_of(requests, step));
    for (const std::string& source : step.recipe.sources) {
      const std::string part = "source/" + source;
      const std::string name = step.product == product ? part : fmt::format("{}/{}", step.product, part);
      ORTFORGE_TRY(materials[name],
                   source_material(name, request->branch->sources.at(source), step.parts.at(part), context));
    }
    if (!step.recipe.toolkit || materials.contains("toolkit")) continue;
    if (installed) {
      ORTFORGE_TRY(materials["toolkit"], installed_material(step, *installed));
      continue;
    }
    const std::vector<Source>& wheels = request->line->toolkit_sources;
    ORTFORGE_TRY(materials["toolkit"], toolkit_material(step, wheels));
    for (const Source& wheel : wheels) {
      const std::string name = "toolkit/" + wheel.name;
      ORTFORGE_TRY(materials[name], source_material(name, wheel, "", context));
    }
  }
  std::vector<Material> result;
  result.reserve(materials.size());
  for (auto& [name, material] : materials) result.push_back(std::move(material));
  return result;
}

Material environment_material(const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> packages;
  for (const Ingredient& ingredient : environment.ingredients())
    packages.emplace_back(ingredient.name, ingredient.version);
  return list_material("environment/" + environment.name(), environment.digest(), std::move(packages));
}

Material recipe_material(const Recipe& recipe) {
  KeyParts parts;
  for (const auto& [path, content] : recipe.files) parts[path] = sha256(content).hex();
  return list_material("recipe", parse_digest(key_of(parts)).value());
}

}  // namespace ortforge

#include "ortforge/record/provenance.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/record/time.hpp"

namespace ortforge {
namespace {

// Digits of the digests used here (in-toto spec/v1/digest_set.md for the first two).
std::size_t digits_of(const std::string& algorithm) {
  if (algorithm == "gitCommit") return 40;
  if (algorithm == "sha256" || algorithm == "narSha256" || algorithm == "listSha256") return 64;
  return 0;
}

Result<Json> digest_json(const std::map<std::string, std::string>& digests, const std::string& owner) {
  if (digests.empty()) return fail(ErrorKind::internal, "provenance: {} has no digest", owner);
  Json json = Json::object();
  for (const auto& [algorithm, value] : digests) {
    const std::size_t wanted = digits_of(algorithm);
    if (wanted == 0)
      return fail(ErrorKind::internal, "provenance: {}: unknown digest algorithm '{}'", owner, algorithm);
    // A repository may use SHA-256 commits, which have 64 digits.
    const bool length = value.size() == wanted || (algorithm == "gitCommit" && value.size() == 64);
    if (!length || value.find_first_not_of("0123456789abcdef") != std::string::npos) {
      return fail(ErrorKind::internal,
                  "provenance: {}: {} must be {} lower-case hexadecimal digits, found '{}'", owner, algorithm,
                  wanted, value);
    }
    json[algorithm] = value;
  }
  return json;
}

Json map_json(const std::map<std::string, std::string>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return json;
}

Result<Json> files_json(const std::vector<ArtefactRecord>& files) {
  Json json = Json::array();
  for (const ArtefactRecord& file : files) {
    if (file.path.empty()) return fail(ErrorKind::internal, "provenance: a file has no path");
    ORTFORGE_TRY(Json digest, digest_json({{"sha256", file.sha256}}, file.path));
    json.push_back(
        {{"name", file.path}, {"digest", std::move(digest)}, {"annotations", {{"bytes", file.bytes}}}});
  }
  return json;
}

Result<Json> material_json(const Material& material) {
  Json json = Json::object();
  if (material.name.empty()) return fail(ErrorKind::internal, "provenance: a dependency has no name");
  json["name"] = material.name;
  if (!material.uri.empty()) json["uri"] = material.uri;
  ORTFORGE_TRY(json["digest"], digest_json(material.digest, material.name));
  if (!material.annotations.empty() || !material.packages.empty()) {
    json["annotations"] = map_json(material.annotations);
    for (const auto& [name, version] : material.packages) {
      json["annotations"]["packages"].push_back({{"name", name}, {"version", version}});
    }
  }
  return json;
}

Json step_json(const ProvenanceStep& step) {
  Json commands = Json::array();
  for (const Command& command : step.commands) {
    commands.push_back({{"argv", command.argv},
                        {"directory", command.directory.generic_string()},
                        {"environment", map_json(command.environment)}});
  }
  return {{"name", step.name},
          {"key", step.key},
          {"outputDigest", step.output_digest},
          {"reused", step.reused},
          {"commands", std::move(commands)},
          {"tools", map_json(step.tools)}};
}

Json external_json(const ProvenanceInput& input) {
  Json json{{"variant", input.variant},
            {"product", input.product},
            {"branch", input.branch},
            {"backend", input.backend},
            {"environment", input.environment},
            {"outputs", input.outputs},
            {"replacedSources", input.replaced_sources}};
  for (const auto& folder : input.toolkit) json["toolkit"].push_back(folder.string());
  return json;
}

Json internal_json(const ProvenanceInput& input) {
  Json steps = Json::array();
  for (const ProvenanceStep& step : input.steps) steps.push_back(step_json(step));
  return {{"steps", std::move(steps)}, {"options", map_json(input.options)}, {"host", map_json(input.host)}};
}

Result<Json> run_json(const ProvenanceInput& input) {
  Json metadata = Json::object();
  if (!input.invocation.empty()) metadata["invocationId"] = input.invocation;
  if (input.started_ms != 0) metadata["startedOn"] = rfc3339(input.started_ms);
  if (input.finished_ms != 0) metadata["finishedOn"] = rfc3339(input.finished_ms);
  ORTFORGE_TRY(Json logs, files_json(input.logs));
  return Json{{"builder", {{"id", kLocalBuilder}, {"version", {{"ortforge", input.ortforge_version}}}}},
              {"metadata", std::move(metadata)},
              {"byproducts", std::move(logs)}};
}

Result<void> check(const ProvenanceInput& input) {
  if (input.subjects.empty()) return fail(ErrorKind::internal, "provenance: no artefact to speak of");
  if (input.variant.empty()) return fail(ErrorKind::internal, "provenance: no variant");
  if (input.ortforge_version.empty()) return fail(ErrorKind::internal, "provenance: no version of ortforge");
  if (input.finished_ms != 0 && input.finished_ms < input.started_ms) {
    return fail(ErrorKind::internal, "provenance: finished ({}) before it started ({})",
                rfc3339(input.finished_ms), rfc3339(input.started_ms));
  }
  return {};
}

Material material(const std::string& name, const std::string& algorithm, const Digest& digest) {
  Material result;
  result.name = name;
  result.digest[algorithm] = digest.hex();
  return result;
}

}  // namespace

Material tree_material(const std::string& name, const Digest& digest, const std::string& uri,
                       const std::map<std::string, std::string>& annotations) {
  Material result = material(name, "narSha256", digest);
  result.uri = uri;
  result.annotations = annotations;
  return result;
}

Material file_material(const std::string& name, const Digest& digest, const std::string& uri,
                       const std::map<std::string, std::string>& annotations) {
  Material result = material(name, "sha256", digest);
  result.uri = uri;
  result.annotations = annotations;
  return result;
}

Material list_material(const std::string& name, const Digest& digest,
                       std::vector<std::pair<std::string, std::string>> packages) {
  Material result = material(name, "listSha256", digest);
  result.packages = std::move(packages);
  return result;
}

std::optional<Material> matrix_material(const GitState& state) {
  if (state.commit.empty() || !state.unknown.empty()) return std::nullopt;
  Material result;
  result.name = "matrix";
  result.digest["gitCommit"] = state.commit;
  result.annotations["clean"] = state.clean ? "yes" : "no";
  return result;
}

Result<std::string> provenance_text(const ProvenanceInput& input) {
  ORTFORGE_CHECK(check(input));
  ORTFORGE_TRY(Json subjects, files_json(input.subjects));
  Json dependencies = Json::array();
  for (const Material& dependency : input.dependencies) {
    ORTFORGE_TRY(Json json, material_json(dependency));
    dependencies.push_back(std::move(json));
  }
  ORTFORGE_TRY(Json run, run_json(input));
  const Json statement = {{"_type", "https://in-toto.io/Statement/v1"},
                          {"subject", std::move(subjects)},
                          {"predicateType", "https://slsa.dev/provenance/v1"},
                          {"predicate",
                           {{"buildDefinition",
                             {{"buildType", kCmakeBuildType},
                              {"externalParameters", external_json(input)},
                              {"internalParameters", internal_json(input)},
                              {"resolvedDependencies", std::move(dependencies)}}},
                            {"runDetails", std::move(run)}}}};
  return statement.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge

#include "entry_json.hpp"

namespace ortforge::build_detail {
namespace {

constexpr int kFormat = 1;

}  // namespace

Json to_json(const StoreEntry& entry) {
  Json json;
  json["format"] = kFormat;
  json["key"] = entry.key;
  json["scope"] = entry.scope;
  json["content_key"] = entry.content_key;
  json["output_digest"] = entry.output_digest.sri();
  json["finished_ms"] = entry.finished_ms;
  json["parts"] = entry.parts;
  Json artefacts = Json::array();
  for (const ArtefactRecord& artefact : entry.artefacts) {
    artefacts.push_back({{"path", artefact.path}, {"bytes", artefact.bytes}, {"sha256", artefact.sha256}});
  }
  json["artefacts"] = std::move(artefacts);
  return json;
}

Result<std::uint64_t> size_in(const JsonPlace& place, const char* member) {
  ORTFORGE_TRY(const JsonPlace value, place.at(member));
  ORTFORGE_TRY(const long long size, value.integer());
  if (size < 0) return value.error("is negative");
  return static_cast<std::uint64_t>(size);
}

Result<StoreEntry> entry_from_json(const Json& json, const std::string& file) {
  const JsonPlace root(json, file);
  StoreEntry entry;
  ORTFORGE_TRY(entry.key, root.string("key"));
  ORTFORGE_TRY(entry.scope, root.string("scope"));
  ORTFORGE_TRY(entry.content_key, root.string("content_key"));
  ORTFORGE_TRY(const std::string digest, root.string("output_digest"));
  ORTFORGE_TRY(entry.output_digest, parse_digest(digest));
  ORTFORGE_TRY(entry.finished_ms, root.integer("finished_ms"));
  ORTFORGE_TRY(const JsonPlace parts, root.at("parts"));
  ORTFORGE_TRY(const auto members, parts.members());
  for (const auto& [name, place] : members) {
    ORTFORGE_TRY(entry.parts[name], place.string());
  }
  ORTFORGE_TRY(const JsonPlace artefacts, root.at("artefacts"));
  ORTFORGE_TRY(const auto elements, artefacts.elements());
  for (const JsonPlace& place : elements) {
    ArtefactRecord artefact;
    ORTFORGE_TRY(artefact.path, place.string("path"));
    ORTFORGE_TRY(artefact.sha256, place.string("sha256"));
    ORTFORGE_TRY(artefact.bytes, size_in(place, "bytes"));
    entry.artefacts.push_back(std::move(artefact));
  }
  return entry;
}

}  // namespace ortforge::build_detail

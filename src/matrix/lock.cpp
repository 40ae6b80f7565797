#include "ortforge/matrix/lock.hpp"

#include <algorithm>

#include "ortforge/base/json_edit.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

constexpr std::string_view kRevision = "@revision@";

std::string address_of(const Pin& pin, const std::string& revision) {
  std::string address = pin.url;
  if (const std::size_t at = address.find(kRevision); at != std::string::npos)
    address.replace(at, kRevision.size(), revision);
  return address;
}

Source source_of(const std::string& name, const Pin& pin, const std::string& revision) {
  Source source;
  source.name = name;
  source.version = revision;
  source.digest_kind = Source::DigestKind::none;
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::archive;
  origin.url = address_of(pin, revision);
  source.origins = {origin};
  return source;
}

bool has_text(const Json& value, const char* key) {
  return value.is_object() && value.contains(key) && value[key].is_string();
}

// The members of an object member, or nothing.
Json members_of(const Json& value, const char* key) {
  return value.is_object() && value.contains(key) && value[key].is_object() ? value[key] : Json::object();
}

// What one branch of the file itself says, parents left out.
void add_missing(const MissingHash& place, const Json& written, const Branch& branch,
                 std::vector<MissingHash>& missing) {
  const Json pins = members_of(written, "pins");
  for (const auto& [name, pin] : pins.items()) {
    const auto known = branch.pins.find(name);
    if (known == branch.pins.end() || !has_text(pin, "revision") || has_text(pin, "digest")) continue;
    MissingHash hash = place;
    hash.name = name;
    hash.is_pin = true;
    hash.source = source_of(name, known->second, pin["revision"].get<std::string>());
    missing.push_back(std::move(hash));
  }
  const Json sources = members_of(written, "sources");
  for (const auto& [name, source] : sources.items()) {
    const auto known = branch.sources.find(name);
    if (known == branch.sources.end() || !has_text(source, "unpinned")) continue;
    MissingHash hash = place;
    hash.name = name;
    hash.source = known->second;
    std::erase_if(hash.source.origins, [](const SourceOrigin& origin) {
      return origin.kind != SourceOrigin::Kind::git && origin.kind != SourceOrigin::Kind::archive;
    });
    if (!hash.source.origins.empty()) missing.push_back(std::move(hash));
  }
}

}  // namespace

std::string describe(const MissingHash& hash) {
  return fmt::format("{} {} of {} {}", hash.is_pin ? "pin" : "source", hash.name, hash.product, hash.branch);
}

Result<std::vector<MissingHash>> missing_hashes(const Matrix& matrix) {
  std::vector<MissingHash> missing;
  for (const auto& [name, product] : matrix.products) {
    MissingHash place;
    place.file = matrix.directory / (name + ".json");
    place.product = name;
    ORTFORGE_TRY(const Json document, read_json(place.file));
    const Json branches = members_of(document, "branches");
    for (const std::string& branch : product.branch_order) {
      place.branch = branch;
      if (branches.contains(branch))
        add_missing(place, branches[branch], product.branches.at(branch), missing);
    }
  }
  return missing;
}

Result<std::string> with_hash(const std::string& text, const MissingHash& hash, const Digest& digest) {
  const std::string value = digest.sri();
  if (hash.is_pin)
    return insert_member(text, {"branches", hash.branch, "pins", hash.name}, "revision", "digest", value);
  return replace_member(text, {"branches", hash.branch, "sources", hash.name}, "unpinned", "nar", value);
}

}  // namespace ortforge

#include "debian_manifest.hpp"

#include <algorithm>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr int manifest_format = 1;
// Raised whenever debian_root.cpp prepares roots differently.
constexpr std::string_view preparation = "ortforge-debian-root 1";

Result<RootManifest> parse_manifest(const JsonPlace& place) {
  ORTFORGE_TRY(const auto format, place.integer("format"));
  if (format != manifest_format) return place.error(fmt::format("format {} is not known", format));
  RootManifest manifest;
  ORTFORGE_TRY(manifest.request.name, place.string("name"));
  ORTFORGE_TRY(manifest.request.suite, place.string("suite"));
  ORTFORGE_TRY(manifest.request.variant, place.string("variant"));
  ORTFORGE_TRY(manifest.request.components, place.strings_or("components"));
  ORTFORGE_TRY(manifest.request.packages, place.strings_or("requested"));
  ORTFORGE_TRY(manifest.created, place.string("created"));
  ORTFORGE_TRY(const auto digest, place.string("digest"));
  ORTFORGE_TRY(manifest.digest, parse_digest(digest));
  ORTFORGE_TRY(const auto packages, place.at("packages"));
  ORTFORGE_TRY(const auto elements, packages.elements());
  for (const auto& element : elements) {
    InstalledPackage package;
    ORTFORGE_TRY(package.name, element.string("name"));
    ORTFORGE_TRY(package.version, element.string("version"));
    ORTFORGE_TRY(package.architecture, element.string("architecture"));
    manifest.packages.push_back(std::move(package));
  }
  if (root_digest(manifest.request, manifest.packages) != manifest.digest)
    return place.error("the digest does not belong to this request and these packages");
  return manifest;
}

}  // namespace

RootRequest root_request(const EnvironmentSpec& spec) {
  RootRequest request{spec.name, spec.suite, spec.debootstrap_variant, spec.components, spec.packages};
  if (request.variant.empty()) request.variant = "buildd";
  if (request.components.empty()) request.components = {"main"};
  std::sort(request.packages.begin(), request.packages.end());
  request.packages.erase(std::unique(request.packages.begin(), request.packages.end()),
                         request.packages.end());
  return request;
}

Digest root_digest(const RootRequest& request, const std::vector<InstalledPackage>& packages) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n\n", preparation, request.name, request.suite,
                                 request.variant, join(request.components, " "), join(request.packages, " "));
  for (const auto& package : packages)
    text += fmt::format("{} {} {}\n", package.name, package.version, package.architecture);
  return sha256(text);
}

std::string manifest_text(const RootManifest& manifest) {
  Json packages = Json::array();
  for (const auto& package : manifest.packages)
    packages.push_back(
        {{"name", package.name}, {"version", package.version}, {"architecture", package.architecture}});
  const Json json{{"format", manifest_format},
                  {"name", manifest.request.name},
                  {"suite", manifest.request.suite},
                  {"variant", manifest.request.variant},
                  {"components", manifest.request.components},
                  {"requested", manifest.request.packages},
                  {"created", manifest.created},
                  {"digest", manifest.digest.sri()},
                  {"packages", std::move(packages)}};
  return json.dump(2) + "\n";
}

Result<RootManifest> read_manifest(const fs::path& file) {
  ORTFORGE_TRY(const auto json, read_json(file));
  return parse_manifest(JsonPlace(json, file.string()));
}

bool is_numbered(const std::string& folder, const std::string& prefix) {
  return folder.size() > prefix.size() && folder.starts_with(prefix) &&
         folder.find_first_not_of("0123456789abcdef", prefix.size()) == std::string::npos;
}

bool holds_root(const fs::path& home, const std::string& name) {
  std::error_code error;
  const fs::directory_iterator folders(home / "environments", error);
  return !error && std::any_of(begin(folders), end(folders), [&](const fs::directory_entry& folder) {
    return is_numbered(folder.path().filename().string(), name + "-");
  });
}

std::optional<FoundRoot> newest_root(const fs::path& folder, const RootRequest& request) {
  std::optional<FoundRoot> newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!is_numbered(entry.path().filename().string(), request.name + "-")) continue;
    auto manifest = read_manifest(entry.path() / "manifest.json");
    if (!manifest || manifest->request != request || !fs::is_directory(entry.path() / "root", error))
      continue;
    if (!newest || newest->manifest.created < manifest->created)
      newest = FoundRoot{entry.path() / "root", *std::move(manifest)};
  }
  return newest;
}

}  // namespace ortforge

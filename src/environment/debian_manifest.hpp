// What is known about a Debian root: manifest.json beside it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dpkg_status.hpp"

#include "ortforge/base/digest.hpp"
#include "ortforge/matrix/environment_spec.hpp"

namespace ortforge {

// What was asked for; two roots made for equal requests stand in for each other.
struct RootRequest {
  std::string name;
  std::string suite;
  std::string variant;
  std::vector<std::string> components;  // in the order given
  std::vector<std::string> packages;    // sorted, each once

  bool operator==(const RootRequest&) const = default;
};

struct RootManifest {
  RootRequest request;
  std::string created;  // UTC, "2025-07-01T12:00:00Z"
  std::vector<InstalledPackage> packages;
  Digest digest;
};

RootRequest root_request(const EnvironmentSpec& spec);

// Digest of a root: what ortforge itself does to a root, the request, and every package with version and
// architecture.
Digest root_digest(const RootRequest& request, const std::vector<InstalledPackage>& packages);

std::string manifest_text(const RootManifest& manifest);

// Reads a manifest and checks its digest. Errors: missing, bad_input.
Result<RootManifest> read_manifest(const std::filesystem::path& file);

// A root that is there.
struct FoundRoot {
  std::filesystem::path root;
  RootManifest manifest;
};

// Whether a folder is `prefix` followed by a number (hexadecimal digits): "debian-trixie-76ea2b5703ca", but
// not the root of an environment whose name goes on ("debian-trixie-cuda12_4-76ea2b5703ca").
bool is_numbered(const std::string& folder, const std::string& prefix);

// The newest root in `folder` (home/environments) for a request, whatever became of others. Error: none for a
// folder that does not exist.
std::optional<FoundRoot> newest_root(const std::filesystem::path& folder, const RootRequest& request);

}  // namespace ortforge

// How a result came to be: an in-toto Statement v1 with a SLSA Provenance v1 predicate, unsigned.
// Sources: https://github.com/in-toto/attestation (spec/v1), https://slsa.dev/spec/v1.0/provenance.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/process/command.hpp"
#include "ortforge/record/git_state.hpp"

namespace ortforge {

// Type URIs of this project; docs/record.md says what they stand for. They are names, not addresses.
inline constexpr const char* kCmakeBuildType = "urn:ortforge:build:cmake:v1";
inline constexpr const char* kLocalBuilder = "urn:ortforge:builder:local:v1";

// Something a build read. `digest` maps an algorithm to lower-case hexadecimal digits: "sha256" (of a file),
// "narSha256" (of the Nix archive of a tree), "gitCommit", or "listSha256" (of a list that ortforge made: an
// environment's packages, a recipe's files).
struct Material {
  std::string name;                                           // "source/onnx", "environment/debian-trixie"
  std::string uri;                                            // where it came from; may be empty
  std::map<std::string, std::string> digest;                  // at least one
  std::map<std::string, std::string> annotations;             // version, revision, licence ...
  std::vector<std::pair<std::string, std::string>> packages;  // name and version, for environments
};

// A source tree by its Nix archive digest, or a file (wheel, tarball) by its own.
Material tree_material(const std::string& name, const Digest& digest, const std::string& uri,
                       const std::map<std::string, std::string>& annotations = {});
Material file_material(const std::string& name, const Digest& digest, const std::string& uri,
                       const std::map<std::string, std::string>& annotations = {});
// An environment, a recipe or a toolkit prefix: a list that ortforge digests itself.
Material list_material(const std::string& name, const Digest& digest,
                       std::vector<std::pair<std::string, std::string>> packages = {});
// The repository that the matrix came from; nothing when its commit is not known.
std::optional<Material> matrix_material(const GitState& state);

// One step as it ran; what it read is in the dependencies.
struct ProvenanceStep {
  std::string name;
  std::string key;
  std::string output_digest;
  bool reused = false;  // found in the store, built by an earlier run
  std::vector<Command> commands;
  std::map<std::string, std::string> tools;  // program -> version line
};

struct ProvenanceInput {
  std::vector<ArtefactRecord> subjects;  // the files of the result, at least one
  // External parameters: what the user said.
  std::string variant;
  std::string product;
  std::string branch;
  std::string backend;
  std::string environment;
  std::set<std::string> outputs;
  std::set<std::string> replaced_sources;      // names given with --source
  std::vector<std::filesystem::path> toolkit;  // of the installed one; empty: wheels or none
  // Internal parameters: what ortforge made of it.
  std::vector<ProvenanceStep> steps;
  std::map<std::string, std::string> options;  // CMake cache entries and the like
  std::map<std::string, std::string> host;
  std::vector<Material> dependencies;
  // This execution.
  std::string ortforge_version;
  std::string invocation;       // identifies the run: "run 12 of urn:uuid:..."; may be empty
  std::int64_t started_ms = 0;  // Unix time; 0: left out
  std::int64_t finished_ms = 0;
  std::vector<ArtefactRecord> logs;  // by-products
};

// The statement as JSON text with a final newline; equal inputs give equal bytes. Subjects and by-products
// keep their order. Error: internal when a rule of the standards would be broken: no subject, a digest that
// is not lower-case hexadecimal of its algorithm's length, an empty variant or version, a step that ends
// before it starts.
Result<std::string> provenance_text(const ProvenanceInput& input);

}  // namespace ortforge

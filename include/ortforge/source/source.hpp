// Sources: fetched from their origins, verified, cached by digest, usable offline afterwards.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/matrix/product.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

struct SourceContext {
  std::filesystem::path home;              // sources/ lies below it
  std::filesystem::path matrix_directory;  // directory origins are relative to its parent
  std::map<std::string, std::string>
      variables;  // the user's environment (proxies, PATH for apt/pip configuration)
  std::map<std::string, std::filesystem::path> overrides;  // --source NAME=DIR
  bool offline = false;
  const Interrupt* interrupt = nullptr;
  // Called with source name, bytes done and bytes in all (0: unknown).
  std::function<void(const std::string&, std::uint64_t, std::uint64_t)> progress;
};

// A source that lies on this machine.
struct FetchedSource {
  std::string name;
  Digest digest;  // identity, as source_digest gives it
  std::filesystem::path
      tree;            // the used part; in the cache never changed (shipped or overriding folders: in place)
  std::string origin;  // which origin gave it, as the record names it; registry hosts left out
  std::string revision;  // git: the commit
};

// The digest that identifies a source without fetching it: the pin (combined with the subdirectory where one
// is named), or the content digest of a shipped or overriding directory, .git left out. Errors: missing for
// an absent directory, bad_input for a source with neither hash nor directory.
Result<Digest> source_digest(const Source& source, const SourceContext& context);

// Finds a source in the cache, or nothing.
Result<std::optional<FetchedSource>> find_source(const Source& source, const SourceContext& context);

// Finds or fetches: origins in order, the content verified before it is entered by one rename; a failure
// keeps nothing. Errors: missing (no network, every origin failed: each with its reason), bad_input (wrong
// digest: expected and found, a path that leaves the tree, a truncated archive), interrupted.
Result<FetchedSource> fetch_source(const Source& source, const SourceContext& context);

// Puts a CUDA toolkit prefix together from fetched wheels (bin/, lib/, include/, nvvm/ at one place, lib64
// link, ".so" links, execute bits; see docs/toolkits.md), cached under toolkits/<12 digits of the
// digest>-cuda/. The digest covers the wheels, or what overrides them, in any order, and the layout version.
// Errors: as fetch_source; bad_input for a wheel that nothing identifies, one without nvidia/*, or with a
// file that another wheel has too with other content.
struct ToolkitPrefix {
  Digest digest;
  std::filesystem::path path;
};
Result<Digest> toolkit_digest(const std::vector<Source>& wheels, const SourceContext& context);
Result<ToolkitPrefix> assemble_toolkit(const std::vector<Source>& wheels, const SourceContext& context);

}  // namespace ortforge

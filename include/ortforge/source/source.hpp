// Sources: fetched from their origins, verified, cached by digest, usable offline afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/digest_memo.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/matrix/product.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/source/cache.hpp"

namespace ortforge {

// Told about every source that has to be fetched; never about one that is here already.
class FetchListener {
 public:
  virtual ~FetchListener() = default;
  virtual void started(const Source& source) = 0;
  // Bytes so far and in all (0: unknown).
  virtual void progress(const Source& source, std::uint64_t done, std::uint64_t total) = 0;
  // It is here now, or could not be had.
  virtual void finished(const Source& source) = 0;
};

struct SourceContext {
  std::filesystem::path home;              // sources/ lies below it
  std::filesystem::path matrix_directory;  // directory origins are relative to its parent
  std::map<std::string, std::string>
      variables;  // the user's environment (proxies, PATH for apt/pip configuration)
  std::map<std::string, std::filesystem::path> overrides;  // --source NAME=DIR
  bool offline = false;
  const Interrupt* interrupt = nullptr;
  FetchListener* listener = nullptr;
  DigestMemo* digests = nullptr;    // of folders used in place; null: they are read each time
  DigestMemo* installed = nullptr;  // of an installed toolkit; null: its file is read each time
};

// A source that lies on this machine.
struct FetchedSource {
  std::string name;
  Digest digest;  // identity, as source_digest gives it
  // The whole content, whatever part of it is used; in the cache never changed (shipped or overriding
  // folders: in place).
  std::filesystem::path tree;
  std::string origin;    // which origin gave it, as the record names it; registry hosts left out
  std::string revision;  // git: the commit
};

// A text that tells sources apart without reading them: name, version, pin, part and the folders of directory
// origins. Sources with equal texts have equal digests.
std::string source_id(const Source& source);

// The digest of a source's whole content without fetching it: the pin, or that of a shipped or overriding
// directory, .git left out. Errors: missing for an absent directory, bad_input for a source with neither hash
// nor directory, and for a directory that lacks the part in use.
Result<Digest> content_digest(const Source& source, const SourceContext& context);

// The digest that identifies a source: that of its content, combined with the subdirectory where one is
// named. Errors: as content_digest.
Result<Digest> source_digest(const Source& source, const SourceContext& context);

// Where a source that is here came from: recorded when it was fetched, or the folder used in place. Nothing
// when it is not here. Error: bad_input for a damaged record.
Result<std::optional<CacheRecord>> source_record(const Source& source, const SourceContext& context);

// Finds a source in the cache, or nothing. Error: bad_input when the part that is used is not in it.
Result<std::optional<FetchedSource>> find_source(const Source& source, const SourceContext& context);

// Finds or fetches: origins in order, the content verified before it is entered by one rename; a failure
// keeps nothing. Errors: missing (no network, every origin failed: each with its reason), bad_input (wrong
// digest: expected and found, a path that leaves the tree, a truncated archive, no such part), interrupted.
Result<FetchedSource> fetch_source(const Source& source, const SourceContext& context);

// Puts a CUDA toolkit prefix together from fetched wheels (bin/, lib/, include/, nvvm/ at one place, lib64
// link, ".so" links, execute bits; see docs/toolkits.md), cached under toolkits/<12 digits of the
// digest>-cuda/. The digest covers the wheels, or what overrides them, in any order, and the layout version;
// files of an overriding folder are copied, never linked. Errors: as fetch_source; bad_input for a wheel that
// nothing identifies, one without nvidia/*, or with a file that another wheel has too with other content.
struct ToolkitPrefix {
  Digest digest;
  std::filesystem::path path;
};
Result<Digest> toolkit_digest(const std::vector<Source>& wheels, const SourceContext& context);
// Where the prefix of a toolkit lies in a home, whether it is there or not.
std::filesystem::path toolkit_prefix(const std::filesystem::path& home, const Digest& digest);
Result<ToolkitPrefix> assemble_toolkit(const std::vector<Source>& wheels, const SourceContext& context);

}  // namespace ortforge

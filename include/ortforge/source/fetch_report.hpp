// What `ortforge fetch` did, source by source: plain data for its table and its JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/source/installed_toolkit.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {

struct FetchReport {
  std::string name;
  std::string version;
  std::string digest;    // SRI; empty when it is not known (an absent directory)
  std::string origin;    // which origin gave it, now or when it was fetched
  std::string revision;  // git: the commit
  std::filesystem::path tree;
  std::uint64_t bytes = 0;     // downloaded, now or when it was fetched; 0 for folders used in place
  bool cached = false;         // it was there already
  std::optional<Error> error;  // why it could not be fetched
};

// Fetches sources one after the other; one that fails does not keep the others from being fetched. Of
// sources with the same source_id one is fetched and reported. Error: interrupted, also where everything is
// here (what is finished stays in the cache).
Result<std::vector<FetchReport>> fetch_sources(const std::vector<Source>& sources,
                                               const SourceContext& context);

// Looks at an installed toolkit, which is there, as at a source; makes its prefix. Error: interrupted.
Result<FetchReport> report_installed(const InstalledToolkit& toolkit, const SourceContext& context);

// The JSON object of one report (docs/sources.md).
Json to_json(const FetchReport& report);

}  // namespace ortforge

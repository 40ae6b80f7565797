#include "ortforge/source/fetch_report.hpp"

#include <set>
#include <utility>

namespace ortforge {
namespace {

FetchReport report_on(const Source& source) {
  FetchReport report;
  report.name = source.name;
  report.version = source.version;
  if (source.digest_kind != Source::DigestKind::none) report.digest = source.digest.sri();
  return report;
}

void fill(FetchReport& report, const FetchedSource& fetched, const Source& source,
          const SourceContext& context) {
  if (report.digest.empty() || context.overrides.contains(source.name)) report.digest = fetched.digest.sri();
  report.origin = fetched.origin;
  report.revision = fetched.revision;
  report.tree = fetched.tree;
  if (const auto record = source_record(source, context); record && *record) report.bytes = (*record)->bytes;
}

}  // namespace

Result<std::vector<FetchReport>> fetch_sources(const std::vector<Source>& sources,
                                               const SourceContext& context) {
  std::vector<FetchReport> reports;
  std::set<std::string> seen;
  for (const Source& source : sources) {
    if (!seen.insert(source_id(source)).second) continue;
    // What is here already is quickly found, but a folder used in place is read as a whole.
    if (context.interrupt != nullptr && context.interrupt->requested()) {
      return fail(ErrorKind::interrupted, "interrupted before source {}", source.name);
    }
    FetchReport report = report_on(source);
    const auto found = find_source(source, context);
    report.cached = found && found->has_value();
    const auto fetched = report.cached ? Result<FetchedSource>(**found) : fetch_source(source, context);
    if (!fetched && fetched.error().kind == ErrorKind::interrupted) return pass_on(fetched.error());
    if (fetched) {
      fill(report, *fetched, source, context);
    } else {
      report.error = fetched.error();
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

Result<FetchReport> report_installed(const InstalledToolkit& toolkit, const SourceContext& context) {
  FetchReport report;
  report.name = "toolkit";
  report.version = toolkit.version;
  report.origin = "installed " + toolkit.places();
  report.cached = true;
  const auto prefix = link_toolkit(toolkit, context);
  if (!prefix && prefix.error().kind == ErrorKind::interrupted) return pass_on(prefix.error());
  if (prefix) {
    report.digest = prefix->digest.sri();
    report.tree = prefix->path;
  } else {
    report.error = prefix.error();
  }
  return report;
}

Json to_json(const FetchReport& report) {
  Json json;
  json["name"] = report.name;
  json["version"] = report.version;
  json["digest"] = report.digest;
  json["origin"] = report.origin;
  if (!report.revision.empty()) json["revision"] = report.revision;
  json["tree"] = report.tree.string();
  json["bytes"] = report.bytes;
  json["cached"] = report.cached;
  if (report.error) json["error"] = report.error->message;
  return json;
}

}  // namespace ortforge

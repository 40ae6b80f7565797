#include <array>

#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

using Kind = SourceOrigin::Kind;

struct KindNames {
  const char* name;
  Kind kind;
  std::vector<std::string> required;
  std::vector<std::string> allowed;
};

const std::array<KindNames, 5>& kinds() {
  static const std::array<KindNames, 5> all{{
      {"git", Kind::git, {"url", "revision"}, {"submodules"}},
      {"archive", Kind::archive, {"url"}, {}},
      {"debian", Kind::debian, {"package", "version", "file"}, {"suites"}},
      {"wheel", Kind::wheel, {"package", "version", "file"}, {}},
      {"directory", Kind::directory, {"path"}, {}},
  }};
  return all;
}

Result<const KindNames*> kind_of(const JsonPlace& place) {
  ORTFORGE_TRY(const JsonPlace member, place.at("kind"));
  ORTFORGE_TRY(const std::string name, member.string());
  std::vector<std::string> names;
  for (const KindNames& kind : kinds()) {
    if (name == kind.name) return &kind;
    names.emplace_back(kind.name);
  }
  return member.error(fmt::format("unknown kind of origin '{}'; known: {}{}", name, join(names, ", "),
                                  did_you_mean(name, names)));
}

Result<SourceOrigin> read_origin(const JsonPlace& place) {
  ORTFORGE_TRY(const KindNames* const kind, kind_of(place));
  std::vector<std::string> known{"kind"};
  known.insert(known.end(), kind->required.begin(), kind->required.end());
  known.insert(known.end(), kind->allowed.begin(), kind->allowed.end());
  ORTFORGE_CHECK(place.only(known));
  for (const std::string& member : kind->required) ORTFORGE_CHECK(place.string(member));
  SourceOrigin origin;
  origin.kind = kind->kind;
  ORTFORGE_TRY(origin.url, place.string_or("url", ""));
  ORTFORGE_TRY(origin.revision, place.string_or("revision", ""));
  ORTFORGE_TRY(origin.submodules, place.boolean_or("submodules", false));
  ORTFORGE_TRY(origin.package, place.string_or("package", ""));
  ORTFORGE_TRY(origin.version, place.string_or("version", ""));
  ORTFORGE_TRY(origin.file, place.string_or("file", ""));
  ORTFORGE_TRY(origin.suites, place.strings_or("suites"));
  ORTFORGE_TRY(origin.path, place.string_or("path", ""));
  return origin;
}

// The digest of a source: exactly one of `nar`, `sha256`, `unpinned`, or none for a source that is a
// directory.
Result<void> read_digest(const JsonPlace& place, Source& source) {
  const int given = int{place.has("nar")} + int{place.has("sha256")} + int{place.has("unpinned")};
  const bool directory = source.origins.size() == 1 && source.origins.front().kind == Kind::directory;
  if (given > 1) return place.error("give one of 'nar', 'sha256' and 'unpinned'");
  if (given == 0 && !directory) {
    return place.error(
        "the pin is missing: give 'nar' (Nix archive hash of the unpacked tree) or 'sha256' (of the file), "
        "or say in 'unpinned' why there is none");
  }
  ORTFORGE_TRY(source.unpinned, place.string_or("unpinned", ""));
  source.digest_kind = place.has("nar")      ? Source::DigestKind::nar
                       : place.has("sha256") ? Source::DigestKind::file
                                             : Source::DigestKind::none;
  if (source.digest_kind == Source::DigestKind::none) return {};
  ORTFORGE_TRY(const JsonPlace member, place.at(place.has("nar") ? "nar" : "sha256"));
  ORTFORGE_TRY(const std::string text, member.string());
  Result<Digest> digest = parse_digest(text);
  if (!digest) return member.error(digest.error().message);
  source.digest = *digest;
  return {};
}

}  // namespace

Result<Source> read_source(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "version", "license", "nar", "sha256", "unpinned", "subdirectory",
                             "when", "note", "holds", "origins"}));
  Source source;
  source.name = name;
  ORTFORGE_TRY(source.version, place.string_or("version", ""));
  ORTFORGE_TRY(source.license, place.string_or("license", ""));
  ORTFORGE_TRY(source.subdirectory, place.string_or("subdirectory", ""));
  ORTFORGE_TRY(source.when, read_when(place));
  ORTFORGE_TRY(source.note, place.string_or("note", ""));
  ORTFORGE_TRY(source.holds, place.strings_or("holds"));
  ORTFORGE_TRY(source.origins, read_list(place, "origins", read_origin));
  if (source.origins.empty()) return place.error("'origins' names no place to get this source from");
  ORTFORGE_CHECK(read_digest(place, source));
  return source;
}

Result<std::map<std::string, Source>> read_sources(const JsonPlace& place) {
  std::map<std::string, Source> result;
  ORTFORGE_TRY(const auto members, place.members());
  for (const auto& [name, member] : members) {
    if (member.has("name")) return member.error("unknown member 'name': the key of a source is its name");
    if (member.has("holds")) return member.error("unknown member 'holds': only a wheel of a toolkit has it");
    ORTFORGE_TRY(Source source, read_source(name, member));
    result.emplace(name, std::move(source));
  }
  return result;
}

}  // namespace ortforge::matrix_reader

// A tarball of a Debian source package. The pinned digest identifies it, so the pool's naming rule is tried
// first (one small request); the indexes, 10 MB each, only for what lies elsewhere.
#include <algorithm>
#include <array>
#include <optional>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/debian.hpp"
#include "ortforge/source/origin.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kComponents = {"main", "contrib", "non-free", "non-free-firmware"};

// One search through the mirrors, with what went wrong so far.
struct Search {
  const Source& source;
  const SourceOrigin& origin;
  fs::path scratch;
  DownloadOptions options;
  std::vector<std::string> reasons;
  bool wrong_content = false;  // a mirror had the file, with other content

  void note(const std::string& reason) {
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
  }
};

Result<Downloaded> try_file(Search& search, const std::string& mirror, const std::string& path) {
  auto downloaded = download(mirror + "/" + path, search.scratch / search.origin.file, search.options);
  if (!downloaded) search.note(downloaded.error().message);
  return downloaded;
}

// Where one suite's index says the file lies; nothing when it does not list it.
Result<std::optional<std::string>> look_up(Search& search, const std::string& mirror,
                                           const std::string& suite, const std::string& component) {
  for (const char* suffix : {"xz", "gz"}) {
    const fs::path index = search.scratch / (std::string("Sources.") + suffix);
    const std::string url = mirror + "/dists/" + suite + "/" + component + "/source/Sources." + suffix;
    DownloadOptions quiet = search.options;
    quiet.progress = nullptr;
    const auto downloaded = download(url, index, quiet);
    if (!downloaded && downloaded.error().kind == ErrorKind::interrupted) return pass_on(downloaded.error());
    if (!downloaded) {
      search.note(downloaded.error().message);
      continue;
    }
    SourcesSearch listed(search.origin.package, search.origin.file);
    ORTFORGE_CHECK(read_compressed(index, [&](std::string_view piece) { return listed.feed(piece); }));
    listed.finish();
    ORTFORGE_CHECK(remove_tree(index));
    if (!listed.path() && !listed.other_versions().empty()) {
      search.note(fmt::format("{} has {} {}, not {}", suite, search.origin.package,
                              join(listed.other_versions(), ", "), search.origin.version));
    }
    return listed.path();
  }
  return std::optional<std::string>();
}

Result<Downloaded> from_mirror(Search& search, const std::string& mirror) {
  const std::string usual = pool_path(kComponents.front(), search.origin.package, search.origin.file);
  auto downloaded = try_file(search, mirror, usual);
  if (downloaded || downloaded.error().kind == ErrorKind::interrupted) return downloaded;
  for (const std::string& suite : search.origin.suites) {
    for (const char* component : kComponents) {
      ORTFORGE_TRY(const auto path, look_up(search, mirror, suite, component));
      if (!path || *path == usual) continue;
      downloaded = try_file(search, mirror, *path);
      if (downloaded || downloaded.error().kind == ErrorKind::interrupted) return downloaded;
    }
  }
  return downloaded;
}

// The file as the content that is pinned: of a pinned tree the tree itself. Errors: bad_input for other or
// damaged content, interrupted.
Result<Obtained> pinned_content(const Search& search, const Downloaded& downloaded) {
  Obtained obtained;
  obtained.bytes = downloaded.bytes;
  obtained.file = search.scratch / search.origin.file;
  obtained.file_digest = downloaded.digest;
  if (search.source.digest_kind == Source::DigestKind::file) {
    ORTFORGE_CHECK(check_pin(search.source, downloaded.digest));
  } else if (search.source.digest_kind == Source::DigestKind::nar) {
    obtained.tree = search.scratch / "tree";
    ORTFORGE_CHECK(remove_tree(obtained.tree));  // of another mirror
    const UnpackOptions options{true, search.options.interrupt};
    ORTFORGE_CHECK(unpack_archive(obtained.file, obtained.tree, options));
    ORTFORGE_TRY(const Digest found, nar_digest(obtained.tree));
    ORTFORGE_CHECK(check_pin(search.source, found));
    obtained.file.clear();
  }
  return obtained;
}

}  // namespace

Result<Obtained> obtain_debian(const Source& source, const SourceOrigin& origin, const fs::path& scratch,
                               const SourceContext& context) {
  if (origin.package.empty() || origin.file.empty() || origin.file.find('/') != std::string::npos) {
    return fail(ErrorKind::bad_input, "source {}: a debian origin needs a package and a plain file name",
                source.name);
  }
  ORTFORGE_TRY(const auto mirrors, debian_mirrors(context.variables, context.interrupt));
  Search search{source, origin, scratch, download_options(source, context), {}, false};
  for (const std::string& mirror : mirrors) {
    search.options.proxy =
        apt_proxy(mirror.substr(0, mirror.find(':')), context.variables, context.interrupt);
    const auto downloaded = from_mirror(search, mirror);
    if (!downloaded && downloaded.error().kind == ErrorKind::interrupted) return pass_on(downloaded.error());
    if (!downloaded) {
      search.note(downloaded.error().message);
      continue;
    }
    auto obtained = pinned_content(search, *downloaded);
    if (obtained || obtained.error().kind != ErrorKind::bad_input) return obtained;
    search.wrong_content = true;
    search.note(public_url(mirror) + ": " + obtained.error().message);
  }
  return fail(search.wrong_content ? ErrorKind::bad_input : ErrorKind::missing, "{}",
              join(search.reasons, "; "));
}

}  // namespace ortforge

#include "ortforge/source/origin.hpp"

#include <fmt/format.h>

#include "ortforge/base/file.hpp"

namespace ortforge {

namespace fs = std::filesystem;

Result<Obtained> obtain(const Source& source, const SourceOrigin& origin, const fs::path& scratch,
                        const SourceContext& context) {
  switch (origin.kind) {
    case SourceOrigin::Kind::git:
      return obtain_git(source, origin, scratch, context);
    case SourceOrigin::Kind::archive:
      return obtain_archive(source, origin, scratch, context);
    case SourceOrigin::Kind::debian:
      return obtain_debian(source, origin, scratch, context);
    case SourceOrigin::Kind::wheel:
      return obtain_wheel(source, origin, scratch, context);
    case SourceOrigin::Kind::directory:
      return obtain_directory(source, origin, scratch, context);
  }
  return fail(ErrorKind::internal, "source {}: unknown kind of origin", source.name);
}

Result<void> check_pin(const Source& source, const Digest& found) {
  if (found == source.digest) return {};
  return fail(ErrorKind::bad_input, "wrong hash: expected {}, found {}", source.digest.sri(), found.sri());
}

std::string describe(const SourceOrigin& origin) {
  switch (origin.kind) {
    case SourceOrigin::Kind::git:
      return fmt::format("git {} {}", public_url(origin.url), origin.revision);
    case SourceOrigin::Kind::archive:
      return fmt::format("archive {}", public_url(origin.url));
    case SourceOrigin::Kind::debian:
      return fmt::format("debian {} {} {}", origin.package, origin.version, origin.file);
    case SourceOrigin::Kind::wheel:
      return fmt::format("wheel {} {} {}", origin.package, origin.version, origin.file);
    case SourceOrigin::Kind::directory:
      return fmt::format("directory {}", origin.path);
  }
  return "unknown";
}

fs::path directory_of(const SourceOrigin& origin, const SourceContext& context) {
  return (fs::absolute(context.matrix_directory).lexically_normal() / ".." / origin.path).lexically_normal();
}

DownloadOptions download_options(const Source& source, const SourceContext& context) {
  DownloadOptions options;
  options.variables = context.variables;
  options.interrupt = context.interrupt;
  if (context.listener != nullptr) {
    options.progress = [&source, listener = context.listener](std::uint64_t done, std::uint64_t total) {
      listener->progress(source, done, total);
    };
  }
  return options;
}

Result<Obtained> obtain_archive(const Source& source, const SourceOrigin& origin, const fs::path& scratch,
                                const SourceContext& context) {
  const std::string name = url_file_name(origin.url);
  Obtained obtained;
  obtained.file = scratch / (name.empty() ? "download" : name);
  ORTFORGE_TRY(const Downloaded downloaded,
               download(origin.url, obtained.file, download_options(source, context)));
  obtained.file_digest = downloaded.digest;
  obtained.bytes = downloaded.bytes;
  return obtained;
}

Result<Obtained> obtain_directory(const Source&, const SourceOrigin& origin, const fs::path& scratch,
                                  const SourceContext& context) {
  const fs::path directory = directory_of(origin, context);
  std::error_code error;
  if (!fs::is_directory(directory, error))
    return fail(ErrorKind::missing, "{}: no such folder", directory.string());
  Obtained obtained;
  obtained.tree = scratch / "tree";
  ORTFORGE_CHECK(copy_tree(directory, obtained.tree));
  ORTFORGE_CHECK(remove_tree(obtained.tree / ".git"));
  return obtained;
}

}  // namespace ortforge

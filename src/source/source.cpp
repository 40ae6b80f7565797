// The way of a source: cache, else its origins in order, each verified before anything becomes visible.
#include "ortforge/source/source.hpp"

#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/cache.hpp"
#include "ortforge/source/origin.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

Result<void> check_name(const Source& source) {
  if (source.name.empty() || source.name.starts_with('.') || source.name.find('/') != std::string::npos) {
    return fail(ErrorKind::bad_input, "source name '{}' is no plain folder name", source.name);
  }
  return {};
}

// The folder that is used in place: the user's override, or the directory shipped with the matrix. Nothing:
// it is fetched.
std::optional<fs::path> folder_in_place(const Source& source, const SourceContext& context) {
  if (const auto found = context.overrides.find(source.name); found != context.overrides.end()) {
    return fs::absolute(found->second).lexically_normal();
  }
  if (source.digest_kind != Source::DigestKind::none) return {};
  for (const SourceOrigin& origin : source.origins) {
    if (origin.kind == SourceOrigin::Kind::directory) return directory_of(origin, context);
  }
  return {};
}

// Checks that a tree has the part of it that a source uses.
Result<void> check_part(const Source& source, const fs::path& tree) {
  if (source.subdirectory.empty()) return {};
  ORTFORGE_TRY(const std::string part, safe_member_path(source.subdirectory));
  std::error_code error;
  if (fs::is_directory(tree / part, error)) return {};
  return fail(ErrorKind::bad_input, "source {}: no folder '{}' in it", source.name, source.subdirectory);
}

Result<void> check_folder(const Source& source, const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return fail(ErrorKind::missing, "source {}: {}: no such folder", source.name, folder.string());
  }
  return check_part(source, folder);
}

// Compares what an origin gave with the pin and makes it the tree at `target`.
Result<void> verify(const Source& source, const Obtained& obtained, const fs::path& target,
                    const Interrupt* interrupt) {
  const bool by_file = source.digest_kind == Source::DigestKind::file;
  if (by_file && obtained.file.empty()) {
    return fail(ErrorKind::bad_input,
                "gives a tree, which the hash of a file cannot verify; pin it with \"nar\"");
  }
  if (by_file) ORTFORGE_CHECK(check_pin(source, obtained.file_digest));
  if (obtained.file.empty()) {
    ORTFORGE_CHECK(rename_path(obtained.tree, target));
  } else {
    // The folders at the top of a wheel are packages, even a single one.
    const UnpackOptions options{!obtained.file.string().ends_with(".whl"), interrupt};
    ORTFORGE_CHECK(unpack_archive(obtained.file, target, options));
  }
  if (by_file) return {};
  ORTFORGE_TRY(const Digest found, nar_digest(target));
  return check_pin(source, found);
}

// Tries one origin in clean folders.
Result<CacheRecord> try_origin(const Source& source, const SourceOrigin& origin, const CacheWriter& writer,
                               const SourceContext& context) {
  for (const fs::path& folder : {writer.scratch(), writer.staging()}) {
    ORTFORGE_CHECK(remove_tree(folder));
    ORTFORGE_CHECK(make_directories(folder));
  }
  ORTFORGE_TRY(const Obtained obtained, obtain(source, origin, writer.scratch(), context));
  ORTFORGE_CHECK(verify(source, obtained, writer.staging() / "tree", context.interrupt));
  if (context.interrupt != nullptr && context.interrupt->requested()) {
    return fail(ErrorKind::interrupted, "source {}: interrupted", source.name);
  }
  return CacheRecord{describe(origin), obtained.revision, obtained.bytes};
}

tl::unexpected<Error> every_origin_failed(const Source& source, const std::vector<Error>& errors) {
  Error all;
  all.kind = ErrorKind::missing;
  all.message =
      fmt::format("source {} {} ({}) cannot be fetched:", source.name, source.version, source.digest.sri());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (errors[i].kind == ErrorKind::bad_input) all.kind = ErrorKind::bad_input;
    if (all.hint.empty()) all.hint = errors[i].hint;
    all.message += fmt::format("\n  {}: {}", describe(source.origins[i]), errors[i].message);
  }
  if (errors.empty()) all.message += " it has no origin";
  if (all.hint.empty()) {
    all.hint = fmt::format("run `ortforge fetch` where there is a network, or give a folder: --source {}=DIR",
                           source.name);
  }
  return pass_on(std::move(all));
}

fs::path entry_of(const Source& source, const SourceContext& context) {
  return cache_entry(context.home / "sources", source.digest, source.name);
}

// Tells the listener that a source is being fetched, and that it is over, however it ends.
class Telling {
 public:
  Telling(const Source& source, FetchListener* listener) : source_(source), listener_(listener) {
    if (listener_ != nullptr) listener_->started(source_);
  }
  ~Telling() {
    if (listener_ != nullptr) listener_->finished(source_);
  }
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

 private:
  const Source& source_;
  FetchListener* listener_;
};

}  // namespace

std::string source_id(const Source& source) {
  std::string id = join({source.name, source.version, std::to_string(static_cast<int>(source.digest_kind)),
                         source.digest.hex(), source.subdirectory},
                        "\n");
  for (const SourceOrigin& origin : source.origins) {
    if (origin.kind == SourceOrigin::Kind::directory) id += "\n" + origin.path;
  }
  return id;
}

Result<Digest> content_digest(const Source& source, const SourceContext& context) {
  if (const auto folder = folder_in_place(source, context)) {
    ORTFORGE_CHECK(check_folder(source, *folder));
    constexpr std::string_view kHidden = ".git";
    return context.digests != nullptr ? context.digests->digest(*folder, kHidden)
                                      : nar_digest(*folder, kHidden);
  }
  if (source.digest_kind == Source::DigestKind::none) {
    return fail(ErrorKind::bad_input, "source {}: neither a hash nor a directory identifies it", source.name);
  }
  return source.digest;
}

// Two parts of one content are two sources.
Result<Digest> source_digest(const Source& source, const SourceContext& context) {
  ORTFORGE_TRY(const Digest content, content_digest(source, context));
  if (source.subdirectory.empty()) return content;
  return sha256(fmt::format("part {} of {}", source.subdirectory, content.sri()));
}

Result<std::optional<CacheRecord>> source_record(const Source& source, const SourceContext& context) {
  const auto folder = folder_in_place(source, context);
  if (!folder) return read_cache_record(entry_of(source, context));
  std::error_code error;
  if (!fs::is_directory(*folder, error)) return std::optional<CacheRecord>();
  const bool replaced = context.overrides.contains(source.name);
  return CacheRecord{replaced ? "folder " + folder->string() : describe(source.origins.front()), {}, 0};
}

Result<std::optional<FetchedSource>> find_source(const Source& source, const SourceContext& context) {
  ORTFORGE_CHECK(check_name(source));
  const auto folder = folder_in_place(source, context);
  ORTFORGE_TRY(const std::optional<CacheRecord> record, source_record(source, context));
  if (folder && !record) return std::optional<FetchedSource>();
  FetchedSource found;
  found.name = source.name;
  ORTFORGE_TRY(found.digest, source_digest(source, context));
  if (!record) return std::optional<FetchedSource>();
  found.tree = folder ? *folder : entry_of(source, context) / "tree";
  ORTFORGE_CHECK(check_part(source, found.tree));
  found.origin = record->origin;
  found.revision = record->revision;
  return found;
}

Result<FetchedSource> fetch_source(const Source& source, const SourceContext& context) {
  ORTFORGE_TRY(std::optional<FetchedSource> found, find_source(source, context));
  if (found) return *std::move(found);
  if (const auto folder = folder_in_place(source, context)) {
    return fail(ErrorKind::missing, "source {}: {}: no such folder", source.name, folder->string());
  }
  if (context.offline) {
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("source {} {} ({}) is not in {}, and nothing may be fetched offline", source.name,
                    source.version, source.digest.sri(), (context.home / "sources").string()),
        "run `ortforge fetch` where there is a network");
  }
  ORTFORGE_TRY(CacheWriter writer, CacheWriter::acquire(entry_of(source, context), context.interrupt));
  ORTFORGE_TRY(found, find_source(source, context));  // made by another process meanwhile
  if (found) return *std::move(found);

  const Telling telling(source, context.listener);
  std::vector<Error> errors;
  for (const SourceOrigin& origin : source.origins) {
    const auto record = try_origin(source, origin, writer, context);
    if (record) {
      ORTFORGE_CHECK(writer.commit(*record));
      ORTFORGE_TRY(found, find_source(source, context));
      if (found) return *std::move(found);
      return fail(ErrorKind::internal, "source {}: gone right after it was fetched", source.name);
    }
    if (record.error().kind == ErrorKind::interrupted) return pass_on(record.error());
    errors.push_back(record.error());
  }
  return every_origin_failed(source, errors);
}

}  // namespace ortforge

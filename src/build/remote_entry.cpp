#include "remote_entry.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <vector>

#include "entry_json.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/source/pack.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge::build_detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOutput = "output";
constexpr const char* kAdded = "added";

// What ortforge writes into a finished result (record/result_files.hpp).
bool may_be_added(const std::string& path) {
  return path == "provenance.json" || path == "bin/python" || path.starts_with("recipe/");
}

// Paths of the entry's tree that are no part of the output: added files, and folders that hold nothing else.
std::set<std::string> added_paths(const StoreEntry& entry) {
  std::set<std::string> own;
  for (const ArtefactRecord& artefact : entry.artefacts) own.insert(artefact.path);
  std::set<std::string> added;
  std::set<std::string> folders;
  std::error_code error;
  for (fs::recursive_directory_iterator item(entry.path, error), end; !error && item != end;
       item.increment(error)) {
    const fs::path path = item->path().lexically_relative(entry.path);
    const bool link = item->is_symlink(error);
    const bool folder = !link && item->is_directory(error);
    if (folder && !fs::is_empty(item->path(), error)) {
      folders.insert(path.generic_string());
    } else if (!link && !folder && !own.contains(path.generic_string()) &&
               may_be_added(path.generic_string())) {
      added.insert(path.generic_string());
    } else {
      for (fs::path parent = path; !parent.empty(); parent = parent.parent_path())
        own.insert(parent.generic_string());
    }
  }
  for (const std::string& folder : folders) {
    if (!own.contains(folder)) added.insert(folder);
  }
  return added;
}

}  // namespace

std::string metadata_text(const RemoteEntry& remote) {
  Json json = to_json(remote.entry);
  json["archive"] = {{"file", remote.archive},
                     {"bytes", remote.bytes},
                     {"sha256", remote.sha256.hex()},
                     {"members", remote.content.members},
                     {"unpacked_bytes", remote.content.bytes}};
  return json.dump(1) + "\n";
}

std::string archive_stem(const std::string& key, const Digest& sha256) {
  return key + "-" + sha256.hex();
}

bool is_key(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<RemoteEntry> parse_metadata(const std::string& text, const std::string& key,
                                   const std::string& scope) {
  const std::string file = key + ".json";
  ORTFORGE_TRY(const Json json, parse_json(text, file));
  const JsonPlace root(json, file);
  RemoteEntry remote;
  ORTFORGE_TRY(remote.entry, entry_from_json(json, file));
  if (remote.entry.key != key)
    return fail(ErrorKind::bad_input, "{}: is of another key: {}", file, remote.entry.key);
  if (remote.entry.scope != scope)
    return fail(ErrorKind::bad_input, "{}: is of another step: {}", file, remote.entry.scope);
  if (key_of(remote.entry.parts) != key)
    return fail(ErrorKind::bad_input, "{}: its parts do not give its key", file);
  if (!is_key(remote.entry.content_key))
    return fail(ErrorKind::bad_input, "{}: $.content_key: expected 64 hexadecimal digits", file);
  ORTFORGE_TRY(const JsonPlace archive, root.at("archive"));
  ORTFORGE_TRY(const std::string digest, archive.string("sha256"));
  ORTFORGE_TRY(remote.sha256, parse_digest(digest));
  ORTFORGE_TRY(remote.archive, archive.string("file"));
  const std::string stem = archive_stem(key, remote.sha256);
  if (remote.archive != stem + ".tar.zst" && remote.archive != stem + ".tar.xz")
    return fail(ErrorKind::bad_input, "{}: its archive has another name: {}", file, remote.archive);
  ORTFORGE_TRY(remote.bytes, size_in(archive, "bytes"));
  ORTFORGE_TRY(remote.content.members, size_in(archive, "members"));
  ORTFORGE_TRY(remote.content.bytes, size_in(archive, "unpacked_bytes"));
  return remote;
}

Result<Packed> pack_entry(const StoreEntry& entry, bool prepare, const fs::path& archive,
                          const Interrupt* interrupt) {
  const std::set<std::string> added = prepare ? std::set<std::string>() : added_paths(entry);
  const auto place = [&](const std::string& path) -> std::string {
    if (path.empty()) return kOutput;
    return fmt::format("{}/{}", added.contains(path) ? kAdded : kOutput, path);
  };
  return pack_tree(entry.path, archive, place, interrupt);
}

Result<fs::path> unpack_entry(const fs::path& archive, const fs::path& tree, const ArchiveContent& content,
                              const Interrupt* interrupt) {
  UnpackOptions options;
  options.strip_top_folder = false;
  options.most = content;
  options.interrupt = interrupt;
  ORTFORGE_CHECK(unpack_archive(archive, tree, options));
  for (const char* name : {kOutput, kAdded}) {
    std::error_code error;
    if (fs::is_symlink(tree / name, error))
      return fail(ErrorKind::bad_input, "{}: is a link in the archive", name);
  }
  ORTFORGE_CHECK(check_links_stay_inside(tree / kOutput));
  return tree / kOutput;
}

Result<void> join_added(const fs::path& tree) {
  const fs::path added = tree / kAdded;
  std::error_code error;
  if (!fs::is_directory(added, error)) return {};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator item(added, error), end; !error && item != end;
       item.increment(error)) {
    const std::string path = item->path().lexically_relative(added).generic_string();
    if (item->is_symlink(error)) return fail(ErrorKind::bad_input, "added/{}: is a link", path);
    if (item->is_directory(error)) continue;
    if (!may_be_added(path)) return fail(ErrorKind::bad_input, "added/{}: not a file that is added", path);
    files.push_back(path);
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", added.string(), error.message());
  for (const std::string& path : files) {
    const fs::path target = tree / kOutput / path;
    // A link on the way would lead to another file of the output.
    for (fs::path parent = fs::path(path).parent_path(); !parent.empty(); parent = parent.parent_path()) {
      if (fs::is_symlink(tree / kOutput / parent, error))
        return fail(ErrorKind::bad_input, "added/{}: lies behind a link", path);
    }
    if (fs::exists(fs::symlink_status(target, error)))
      return fail(ErrorKind::bad_input, "added/{}: the output has such a file", path);
    ORTFORGE_CHECK(make_directories(target.parent_path()));
    ORTFORGE_CHECK(rename_path(added / path, target));
  }
  return {};
}

}  // namespace ortforge::build_detail

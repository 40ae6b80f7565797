#include "ortforge/source/pack.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "late_archive.hpp"
#include "utf8_names.hpp"
#include <sys/stat.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTime = 315532800;  // 1980-01-01: the first day that zip archives (wheels) know
constexpr std::size_t kReadPiece = 1U << 18U;

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Writer = ArchiveWriter;
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

struct Member {
  std::string name;
  fs::path path;
};

// Names in the archive of files that have several names, by device and inode.
using Linked = std::map<std::pair<dev_t, ino_t>, std::string>;

tl::unexpected<Error> not_packed(archive* writer, const fs::path& path) {
  const char* text = archive_error_string(writer);
  return fail(ErrorKind::missing, "{}: cannot be packed: {}", path.string(),
              text != nullptr ? text : "unknown reason");
}

Result<std::vector<Member>> members_of(const fs::path& tree, const PlaceInArchive& place) {
  std::vector<Member> members;
  const auto add = [&](const fs::path& path, const std::string& relative) {
    std::string name = place(relative);
    if (!name.empty()) members.push_back({std::move(name), path});
  };
  add(tree, "");
  std::error_code error;
  for (fs::recursive_directory_iterator item(tree, error), end; !error && item != end;
       item.increment(error)) {
    add(item->path(), item->path().lexically_relative(tree).generic_string());
  }
  if (error) return fail(ErrorKind::missing, "{}: cannot be packed: {}", tree.string(), error.message());
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return members;
}

Result<void> stop_packing(const fs::path& tree, const Interrupt* interrupt) {
  if (interrupt == nullptr || !interrupt->requested()) return {};
  return fail(ErrorKind::interrupted, "{}: packing interrupted", tree.string());
}

Result<void> write_content(archive* writer, const fs::path& path, std::uint64_t size,
                           const Interrupt* interrupt) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorKind::missing, "{}: cannot be read", path.string());
  std::vector<char> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, kReadPiece)));
  for (std::uint64_t left = size; left > 0;) {
    ORTFORGE_CHECK(stop_packing(path, interrupt));
    const std::uint64_t piece = std::min<std::uint64_t>(left, buffer.size());
    stream.read(buffer.data(), static_cast<std::streamsize>(piece));
    if (static_cast<std::uint64_t>(stream.gcount()) != piece)
      return fail(ErrorKind::missing, "{}: changed while it was read", path.string());
    if (archive_write_data(writer, buffer.data(), static_cast<std::size_t>(piece)) < 0)
      return not_packed(writer, path);
    left -= piece;
  }
  return {};
}

// What the archive says of a file, folder or link. True when its content follows.
Result<bool> describe(const Member& member, const struct stat& status, archive_entry* entry, Linked& linked) {
  archive_entry_set_pathname(entry, member.name.c_str());
  archive_entry_set_mtime(entry, kTime, 0);
  archive_entry_set_perm(entry, 0755);
  if (S_ISDIR(status.st_mode)) {
    archive_entry_set_filetype(entry, AE_IFDIR);
    return false;
  }
  if (S_ISLNK(status.st_mode)) {
    std::error_code error;
    const fs::path target = fs::read_symlink(member.path, error);
    if (error) return fail(ErrorKind::missing, "{}: {}", member.path.string(), error.message());
    archive_entry_set_filetype(entry, AE_IFLNK);
    archive_entry_set_symlink(entry, target.c_str());
    return false;
  }
  if (!S_ISREG(status.st_mode))
    return fail(ErrorKind::bad_input, "{}: is a device, pipe or socket", member.path.string());
  archive_entry_set_filetype(entry, AE_IFREG);
  if ((status.st_mode & S_IXUSR) == 0) archive_entry_set_perm(entry, 0644);
  if (status.st_nlink > 1) {
    const auto [first, is_new] = linked.emplace(std::pair(status.st_dev, status.st_ino), member.name);
    if (!is_new) {
      archive_entry_set_hardlink(entry, first->second.c_str());
      return false;
    }
  }
  archive_entry_set_size(entry, status.st_size);
  return true;
}

Result<void> write_member(archive* writer, const Member& member, Linked& linked, ArchiveContent& written,
                          const Interrupt* interrupt) {
  struct stat status {};
  if (::lstat(member.path.c_str(), &status) != 0)
    return fail(ErrorKind::missing, "{}: cannot be read", member.path.string());
  const Entry entry(archive_entry_new());
  ORTFORGE_TRY(const bool content, describe(member, status, entry.get(), linked));
  if (archive_write_header(writer, entry.get()) < ARCHIVE_WARN) return not_packed(writer, member.path);
  ++written.members;
  if (!content) return {};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  written.bytes += size;
  return write_content(writer, member.path, size, interrupt);
}

// What the caller's name asks for.
Result<void> choose_compression(archive* writer, const fs::path& file) {
  const std::string name = file.filename().string();
  int status = ARCHIVE_OK;
  if (name.ends_with(".tar.zst")) {
    status = archive_write_add_filter_zstd(writer);
    if (status == ARCHIVE_OK)
      status = archive_write_set_filter_option(writer, "zstd", "compression-level", "19");
  } else if (name.ends_with(".tar.xz")) {
    status = archive_write_add_filter_xz(writer);
  } else if (name.ends_with(".tar.gz")) {
    status = archive_write_add_filter_gzip(writer);
  } else {
    return fail(ErrorKind::bad_input, "{}: expected a name that ends with .tar.zst, .tar.xz or .tar.gz",
                file.string());
  }
  if (status != ARCHIVE_OK) return not_packed(writer, file);
  return {};
}

// Fills `file` through a writer that knows its compression.
Result<ArchiveContent> write_archive(archive* writer, const fs::path& tree, const fs::path& file,
                                     const PlaceInArchive& place, const Interrupt* interrupt) {
  ORTFORGE_TRY(const std::vector<Member> members, members_of(tree, place));
  if (archive_write_open_filename(writer, file.c_str()) != ARCHIVE_OK) return not_packed(writer, file);
  Linked linked;
  ArchiveContent written;
  for (const Member& member : members) {
    ORTFORGE_CHECK(stop_packing(tree, interrupt));
    ORTFORGE_CHECK(write_member(writer, member, linked, written, interrupt));
  }
  if (archive_write_close(writer) != ARCHIVE_OK) return not_packed(writer, file);
  return written;
}

}  // namespace

Result<Packed> pack_tree(const fs::path& tree, const fs::path& file, const PlaceInArchive& place,
                         const Interrupt* interrupt) {
  ORTFORGE_CHECK(libarchive.open());
  const Utf8Names names;
  const Writer writer(archive_write_new());
  archive_write_set_format_pax_restricted(writer.get());
  std::string ending = ".tar.zst";
  // A warning means that libarchive would start a program for it.
  if (archive_write_add_filter_zstd(writer.get()) != ARCHIVE_OK) {
    ending = ".tar.xz";
    if (archive_write_add_filter_xz(writer.get()) != ARCHIVE_OK) return not_packed(writer.get(), file);
  }
  ORTFORGE_TRY(const ArchiveContent content, write_archive(writer.get(), tree, file, place, interrupt));
  return Packed{std::move(ending), content};
}

Result<void> pack_folder(const fs::path& folder, const std::string& top, const fs::path& archive,
                         const Interrupt* interrupt) {
  ORTFORGE_CHECK(libarchive.open());
  const Utf8Names names;
  const Writer writer(archive_write_new());
  archive_write_set_format_pax_restricted(writer.get());
  ORTFORGE_CHECK(choose_compression(writer.get(), archive));
  const fs::path unfinished = archive.string() + fmt::format(".{}.part", ::getpid());
  const auto place = [&top](const std::string& path) { return path.empty() ? top : top + "/" + path; };
  const auto written = write_archive(writer.get(), folder, unfinished, place, interrupt);
  Result<void> done = written ? rename_path(unfinished, archive) : Result<void>(pass_on(written.error()));
  if (!done) {
    std::error_code ignored;
    fs::remove(unfinished, ignored);
  }
  return done;
}

}  // namespace ortforge

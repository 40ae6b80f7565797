#include "ortforge/source/unpack.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "late_archive.hpp"
#include "utf8_names.hpp"
#include <sys/stat.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeReader>;
using Writer = ArchiveWriter;

tl::unexpected<Error> damaged(archive* reader, const fs::path& file) {
  const char* text = archive_error_string(reader);
  return fail(ErrorKind::bad_input, "{}: damaged or cut short: {}", file.filename().string(),
              text != nullptr ? text : "unreadable");
}

tl::unexpected<Error> not_written(archive* writer, const std::string& member) {
  const char* text = archive_error_string(writer);
  return fail(ErrorKind::missing, "{}: cannot be unpacked: {}", member,
              text != nullptr ? text : "unknown reason");
}

Result<std::string> member_name(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) return fail(ErrorKind::bad_input, "a member of the archive has no readable name");
  return safe_member_path(name);
}

Result<void> stop_unpacking(const fs::path& file, const Interrupt* interrupt) {
  if (interrupt == nullptr || !interrupt->requested()) return {};
  return fail(ErrorKind::interrupted, "{}: unpacking interrupted", file.filename().string());
}

// What an archive may still hold. Sizes count as the files will show them: a hole takes no disk, but whoever
// reads the file reads it.
class Allowance {
 public:
  Allowance(const fs::path& file, const std::optional<ArchiveContent>& most)
      : file_(file), most_(most.value_or(ArchiveContent{kNoLimit, kNoLimit})), left_(most_) {}

  // The next member, with the size that it is said to have.
  Result<void> take_member(archive_entry* entry) {
    if (left_.members == 0) return larger(fmt::format("{} members", most_.members));
    --left_.members;
    member_ = 0;
    const bool sized = archive_entry_hardlink(entry) == nullptr && archive_entry_size_is_set(entry) != 0;
    return take_bytes(sized ? static_cast<std::uint64_t>(archive_entry_size(entry)) : 0);
  }

  // The content of that member up to `end`.
  Result<void> take_bytes(std::uint64_t end) {
    if (end <= member_) return {};
    if (end - member_ > left_.bytes) return larger(fmt::format("{} bytes", most_.bytes));
    left_.bytes -= end - member_;
    member_ = end;
    return {};
  }

 private:
  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

  tl::unexpected<Error> larger(const std::string& than) const {
    return fail(ErrorKind::bad_input, "{}: larger than it says: more than {} in it",
                file_.filename().string(), than);
  }

  const fs::path& file_;
  ArchiveContent most_;
  ArchiveContent left_;
  std::uint64_t member_ = 0;  // bytes of this member that are taken off
};

Result<void> copy_data(archive* reader, archive* writer, const fs::path& file, const std::string& member,
                       Allowance& allowance, const Interrupt* interrupt) {
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (true) {
    const int status = archive_read_data_block(reader, &block, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) return damaged(reader, file);
    ORTFORGE_CHECK(stop_unpacking(file, interrupt));
    ORTFORGE_CHECK(allowance.take_bytes(static_cast<std::uint64_t>(offset) + size));
    if (archive_write_data_block(writer, block, size, offset) < ARCHIVE_WARN)
      return not_written(writer, member);
  }
}

// Points the entry at its place below `root`, with modes reduced to what counts. Error: bad_input for what
// may not be.
Result<void> relocate(archive_entry* entry, const std::string& member, const fs::path& root) {
  archive_entry_set_pathname(entry, (root / member).c_str());
  if (const char* link = archive_entry_hardlink(entry); link != nullptr) {
    ORTFORGE_TRY(const std::string linked, safe_member_path(link));
    archive_entry_set_hardlink(entry, (root / linked).c_str());
    return {};
  }
  const auto type = archive_entry_filetype(entry);
  if (type == AE_IFLNK) return {};
  if (type != AE_IFREG && type != AE_IFDIR) {
    return fail(ErrorKind::bad_input, "device, pipe or socket in the archive: {}", member);
  }
  const bool executable = type == AE_IFDIR || (archive_entry_perm(entry) & S_IXUSR) != 0;
  archive_entry_set_perm(entry, executable ? 0755 : 0644);
  return {};
}

Result<void> unpack_members(archive* reader, const fs::path& file, const fs::path& root,
                            const UnpackOptions& options) {
  Allowance allowance(file, options.most);
  const Writer writer(archive_write_disk_new());
  archive_write_disk_set_options(
      writer.get(), ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
  archive_entry* entry = nullptr;
  while (true) {
    ORTFORGE_CHECK(stop_unpacking(file, options.interrupt));
    const int status = archive_read_next_header(reader, &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return damaged(reader, file);
    ORTFORGE_CHECK(allowance.take_member(entry));
    ORTFORGE_TRY(const std::string member, member_name(entry));
    if (member.empty()) continue;  // the top folder itself
    ORTFORGE_CHECK(relocate(entry, member, root));
    if (archive_write_header(writer.get(), entry) < ARCHIVE_WARN) return not_written(writer.get(), member);
    // Members of zip archives may not say their size beforehand.
    ORTFORGE_CHECK(copy_data(reader, writer.get(), file, member, allowance, options.interrupt));
    if (archive_write_finish_entry(writer.get()) < ARCHIVE_WARN) return not_written(writer.get(), member);
  }
  if (archive_write_close(writer.get()) < ARCHIVE_WARN)
    return not_written(writer.get(), file.filename().string());
  return {};
}

// The only entry of a folder when it is a folder itself.
std::optional<fs::path> single_folder(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    entries.push_back(entry->path());
  }
  if (error || entries.size() != 1 || !fs::is_directory(fs::symlink_status(entries.front(), error)))
    return {};
  return entries.front();
}

Result<Reader> open_archive(const fs::path& file, bool raw) {
  ORTFORGE_CHECK(libarchive.open());
  Reader reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  if (raw) {
    archive_read_support_format_raw(reader.get());
    archive_read_support_format_empty(reader.get());
  } else {
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_zip(reader.get());
  }
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fail(ErrorKind::missing, "{}: cannot be read", file.string());
  if (archive_read_open_filename(reader.get(), file.c_str(), 1U << 18U) != ARCHIVE_OK)
    return damaged(reader.get(), file);
  return reader;
}

}  // namespace

Result<void> unpack_archive(const fs::path& archive, const fs::path& target, const UnpackOptions& options) {
  const Utf8Names names;
  fs::path unpacked = target;
  unpacked += ".unpacking";
  ORTFORGE_CHECK(make_directories(unpacked));
  std::error_code error;
  const fs::path root =
      fs::canonical(unpacked, error);  // libarchive refuses to walk through links, those above too
  if (error) return fail(ErrorKind::missing, "{}: {}", unpacked.string(), error.message());
  ORTFORGE_TRY(const Reader reader, open_archive(archive, false));
  ORTFORGE_CHECK(unpack_members(reader.get(), archive, root, options));
  const std::optional<fs::path> top = options.strip_top_folder ? single_folder(root) : std::nullopt;
  ORTFORGE_CHECK(rename_path(top.value_or(root), target));
  ORTFORGE_CHECK(remove_tree(unpacked));
  return check_links_stay_inside(target);
}

Result<void> read_compressed(const fs::path& file, const std::function<bool(std::string_view)>& take) {
  ORTFORGE_TRY(const Reader reader, open_archive(file, true));
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(reader.get(), &entry);
  if (status == ARCHIVE_EOF) return {};
  if (status < ARCHIVE_WARN) return damaged(reader.get(), file);
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (true) {
    const int read = archive_read_data_block(reader.get(), &block, &size, &offset);
    if (read == ARCHIVE_EOF) return {};
    if (read < ARCHIVE_WARN) return damaged(reader.get(), file);
    if (!take(std::string_view(static_cast<const char*>(block), size))) return {};
  }
}

}  // namespace ortforge

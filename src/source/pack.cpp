#include "ortforge/source/pack.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "late_archive.hpp"
#include <sys/stat.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

struct FreeWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Writer = std::unique_ptr<archive, FreeWriter>;
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

tl::unexpected<Error> not_packed(archive* writer, const fs::path& file) {
  const char* text = archive_error_string(writer);
  return fail(ErrorKind::missing, "{}: cannot be packed: {}", file.string(),
              text != nullptr ? text : "unknown reason");
}

// The compression that the archive's name asks for. Numbers: libraries with device code shrink little more
// with higher ones, which take minutes.
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

Result<void> copy_content(archive* writer, const fs::path& file, const Interrupt* interrupt) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> block(1U << 20U);
  while (stream) {
    if (interrupt != nullptr && interrupt->requested()) return fail(ErrorKind::interrupted, "interrupted");
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto size = static_cast<std::size_t>(stream.gcount());
    if (size == 0) break;
    if (archive_write_data(writer, block.data(), size) < 0) return not_packed(writer, file);
  }
  if (!stream.eof()) return fail(ErrorKind::missing, "{}: cannot be read", file.string());
  return {};
}

class Packer {
 public:
  Packer(archive* writer, std::string top, const Interrupt* interrupt)
      : writer_(writer), top_(std::move(top)), interrupt_(interrupt) {}

  Result<void> add(const fs::path& path, const std::string& relative) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0)
      return fail(ErrorKind::missing, "{}: cannot be read", path.string());
    const Entry entry(archive_entry_new());
    const std::string name = relative.empty() ? top_ : top_ + "/" + relative;
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_mtime(entry.get(), info.st_mtime, 0);
    if (S_ISLNK(info.st_mode)) {
      std::error_code error;
      const fs::path target = fs::read_symlink(path, error);
      archive_entry_set_filetype(entry.get(), AE_IFLNK);
      archive_entry_set_symlink(entry.get(), target.c_str());
      archive_entry_set_perm(entry.get(), 0777);
      return header(entry.get(), path);
    }
    if (S_ISDIR(info.st_mode)) {
      archive_entry_set_filetype(entry.get(), AE_IFDIR);
      archive_entry_set_perm(entry.get(), 0755);
      return header(entry.get(), path);
    }
    if (!S_ISREG(info.st_mode))
      return fail(ErrorKind::bad_input, "{}: no file, link or folder", path.string());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), (info.st_mode & S_IXUSR) != 0 ? 0755 : 0644);
    const auto [first, is_new] = names_.emplace(std::pair{info.st_dev, info.st_ino}, name);
    if (!is_new) {
      archive_entry_set_hardlink(entry.get(), first->second.c_str());
      return header(entry.get(), path);
    }
    archive_entry_set_size(entry.get(), info.st_size);
    ORTFORGE_CHECK(header(entry.get(), path));
    return copy_content(writer_, path, interrupt_);
  }

 private:
  Result<void> header(archive_entry* entry, const fs::path& path) {
    if (archive_write_header(writer_, entry) < ARCHIVE_WARN) return not_packed(writer_, path);
    return {};
  }

  archive* writer_;
  std::string top_;
  const Interrupt* interrupt_;
  std::map<std::pair<dev_t, ino_t>, std::string> names_;  // of the files so far: the first one each has
};

Result<void> write_archive(const fs::path& folder, const std::string& top, const fs::path& name,
                           const fs::path& file, const Interrupt* interrupt) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator item(folder, error), end; !error && item != end;
       item.increment(error))
    paths.push_back(item->path());
  if (error) return fail(ErrorKind::missing, "{}: cannot be read: {}", folder.string(), error.message());
  std::sort(paths.begin(), paths.end());

  const Writer writer(archive_write_new());
  archive_write_set_format_pax_restricted(writer.get());
  ORTFORGE_CHECK(choose_compression(writer.get(), name));
  if (archive_write_open_filename(writer.get(), file.c_str()) != ARCHIVE_OK)
    return not_packed(writer.get(), file);
  Packer packer(writer.get(), top, interrupt);
  ORTFORGE_CHECK(packer.add(folder, ""));
  for (const fs::path& path : paths)
    ORTFORGE_CHECK(packer.add(path, path.lexically_relative(folder).generic_string()));
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return not_packed(writer.get(), file);
  return {};
}

}  // namespace

Result<void> pack_folder(const fs::path& folder, const std::string& top, const fs::path& archive,
                         const Interrupt* interrupt) {
  ORTFORGE_CHECK(libarchive.open());
  const fs::path unfinished = archive.string() + fmt::format(".{}.part", ::getpid());
  auto written = write_archive(folder, top, archive, unfinished, interrupt);
  if (written) written = rename_path(unfinished, archive);
  if (!written) {
    std::error_code ignored;
    fs::remove(unfinished, ignored);
  }
  return written;
}

}  // namespace ortforge

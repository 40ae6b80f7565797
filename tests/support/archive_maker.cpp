#include "support/archive_maker.hpp"

#include <stdexcept>

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

namespace ortforge {
namespace {

void must(int status, archive* writer) {
  if (status != ARCHIVE_OK) throw std::runtime_error(archive_error_string(writer));
}

void add(archive* writer, const ArchiveMember& member) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, member.path.c_str());
  archive_entry_set_perm(entry, member.mode);
  archive_entry_set_mtime(entry, 1700000000, 0);
  switch (member.kind) {
    case ArchiveMember::Kind::file:
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
      break;
    case ArchiveMember::Kind::folder:
      archive_entry_set_filetype(entry, AE_IFDIR);
      break;
    case ArchiveMember::Kind::link:
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, member.content.c_str());
      break;
    case ArchiveMember::Kind::hard_link:
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_hardlink(entry, member.content.c_str());
      break;
    case ArchiveMember::Kind::device:
      archive_entry_set_filetype(entry, AE_IFCHR);
      archive_entry_set_rdev(entry, 0x0103);
      break;
  }
  must(archive_write_header(writer, entry), writer);
  if (member.kind == ArchiveMember::Kind::file)
    archive_write_data(writer, member.content.data(), member.content.size());
  archive_entry_free(entry);
}

}  // namespace

void make_archive(const std::filesystem::path& file, const std::vector<ArchiveMember>& members) {
  const locale_t utf8 =
      ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);  // names outside ASCII, as other programs write them
  const locale_t previous = ::uselocale(utf8);
  archive* writer = archive_write_new();
  const std::string name = file.filename().string();
  if (name.ends_with(".zip") || name.ends_with(".whl")) {
    archive_write_set_format_zip(writer);
  } else {
    archive_write_set_format_pax_restricted(writer);
    if (name.ends_with(".gz")) archive_write_add_filter_gzip(writer);
    if (name.ends_with(".xz")) archive_write_add_filter_xz(writer);
  }
  must(archive_write_open_filename(writer, file.c_str()), writer);
  for (const ArchiveMember& member : members) add(writer, member);
  must(archive_write_close(writer), writer);
  archive_write_free(writer);
  ::uselocale(previous);
  ::freelocale(utf8);
}

}  // namespace ortforge

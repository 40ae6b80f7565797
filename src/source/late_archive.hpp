// libarchive, opened by the first file to pack or unpack.
#pragma once

#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "ortforge/base/late_library.hpp"

namespace ortforge {

inline constinit const LateLibrary libarchive{ORTFORGE_LIBARCHIVE_SONAME};

ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_filetype);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_free);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_hardlink);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_new);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_pathname);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_pathname_utf8);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_perm);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_filetype);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_hardlink);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_mtime);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_pathname);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_perm);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_size);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_set_symlink);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_size);
ORTFORGE_LATE_FUNCTION(libarchive, archive_entry_size_is_set);
ORTFORGE_LATE_FUNCTION(libarchive, archive_error_string);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_data_block);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_free);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_new);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_next_header);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_open_filename);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_support_filter_all);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_support_format_empty);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_support_format_raw);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_support_format_tar);
ORTFORGE_LATE_FUNCTION(libarchive, archive_read_support_format_zip);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_add_filter_gzip);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_add_filter_xz);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_add_filter_zstd);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_close);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_data);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_data_block);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_disk_new);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_disk_set_options);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_finish_entry);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_free);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_header);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_new);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_open_filename);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_set_filter_option);
ORTFORGE_LATE_FUNCTION(libarchive, archive_write_set_format_pax_restricted);

struct FreeArchiveWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
using ArchiveWriter = std::unique_ptr<archive, FreeArchiveWriter>;

}  // namespace ortforge

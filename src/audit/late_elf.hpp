// libelf, opened by the first library to look at.
#pragma once

#include <gelf.h>
#include <libelf.h>

#include "ortforge/base/late_library.hpp"

namespace ortforge {

inline constinit const LateLibrary libelf{ORTFORGE_LIBELF_SONAME};

ORTFORGE_LATE_FUNCTION(libelf, elf_begin);
ORTFORGE_LATE_FUNCTION(libelf, elf_end);
ORTFORGE_LATE_FUNCTION(libelf, elf_getdata);
ORTFORGE_LATE_FUNCTION(libelf, elf_getshdrstrndx);
ORTFORGE_LATE_FUNCTION(libelf, elf_memory);
ORTFORGE_LATE_FUNCTION(libelf, elf_nextscn);
ORTFORGE_LATE_FUNCTION(libelf, elf_strptr);
ORTFORGE_LATE_FUNCTION(libelf, elf_version);
ORTFORGE_LATE_FUNCTION(libelf, gelf_getdyn);
ORTFORGE_LATE_FUNCTION(libelf, gelf_getehdr);
ORTFORGE_LATE_FUNCTION(libelf, gelf_getshdr);
ORTFORGE_LATE_FUNCTION(libelf, gelf_getvernaux);
ORTFORGE_LATE_FUNCTION(libelf, gelf_getverneed);

}  // namespace ortforge

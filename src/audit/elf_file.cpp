#include "elf_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ortforge::audit_detail {
namespace {

Result<void> start_libelf() {
  ORTFORGE_CHECK(libelf.open());
  if (elf_version(EV_CURRENT) == EV_NONE)
    return fail(ErrorKind::internal, "{} does not know ELF version {}", ORTFORGE_LIBELF_SONAME, EV_CURRENT);
  return {};
}

}  // namespace

void ElfFile::EndElf::operator()(Elf* elf) const {
  elf_end(elf);
}

ElfFile::Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<ElfFile> ElfFile::open(const std::filesystem::path& file) {
  ORTFORGE_CHECK(start_libelf());
  Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) {
    return fail(ErrorKind::missing, "{}: cannot be read: {}", file.string(),
                std::generic_category().message(errno));
  }
  ElfFile opened(file.string(), std::move(descriptor), {});
  opened.bytes_ = static_cast<std::uint64_t>(status.st_size);
  opened.elf_.reset(elf_begin(opened.file_.number(), ELF_C_READ_MMAP, nullptr));
  ORTFORGE_CHECK(opened.check());
  return opened;
}

Result<ElfFile> ElfFile::of_bytes(std::string_view bytes, const std::string& name) {
  ORTFORGE_CHECK(start_libelf());
  ElfFile opened(name, Descriptor(), std::vector<char>(bytes.begin(), bytes.end()));
  opened.bytes_ = bytes.size();
  opened.elf_.reset(elf_memory(opened.image_.data(), opened.image_.size()));
  ORTFORGE_CHECK(opened.check());
  return opened;
}

Result<void> ElfFile::check() const {
  if (!elf_) return damaged();
  GElf_Ehdr header{};
  if (gelf_getehdr(handle(), &header) == nullptr)
    return fail(ErrorKind::bad_input, "{}: is no ELF file", name_);
  const std::uint64_t table = std::uint64_t{header.e_shnum} * header.e_shentsize;
  if (header.e_shoff > bytes_ || bytes_ - header.e_shoff < table) return damaged();
  return {};
}

tl::unexpected<Error> ElfFile::damaged() const {
  return fail(ErrorKind::bad_input, "{}: damaged or cut short", name_);
}

}  // namespace ortforge::audit_detail

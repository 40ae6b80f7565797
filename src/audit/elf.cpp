#include "ortforge/audit/elf.hpp"

#include <cerrno>
#include <climits>
#include <cstdint>
#include <memory>
#include <system_error>

#include "late_elf.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, EndElf>;

class OpenFile {
 public:
  explicit OpenFile(const fs::path& file) : number_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

Result<void> start_libelf() {
  ORTFORGE_CHECK(libelf.open());
  if (elf_version(EV_CURRENT) == EV_NONE)
    return fail(ErrorKind::internal, "{} does not know ELF version {}", ORTFORGE_LIBELF_SONAME, EV_CURRENT);
  return {};
}

// Takes the number behind `prefix` in a version name: "GLIBC_2.38", but not "GLIBC_PRIVATE".
void raise_to(std::string& highest, std::string_view prefix, std::string_view version) {
  if (!version.starts_with(prefix)) return;
  version.remove_prefix(prefix.size());
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string_view::npos) return;
  if (highest.empty() || compare_versions(version, highest) > 0) highest = version;
}

// Reads one file; whatever libelf cannot give of it, because an offset or a size leads outside, is damage.
class Reader {
 public:
  Reader(Elf* elf, std::uint64_t bytes, std::string name)
      : elf_(elf), bytes_(bytes), name_(std::move(name)) {}

  Result<SharedLibrary> read() {
    if (elf_ == nullptr) return damaged();
    GElf_Ehdr header{};
    if (gelf_getehdr(elf_, &header) == nullptr)
      return fail(ErrorKind::bad_input, "{}: is no ELF file", name_);
    const std::uint64_t table = std::uint64_t{header.e_shnum} * header.e_shentsize;
    if (header.e_shoff > bytes_ || bytes_ - header.e_shoff < table) return damaged();
    bool dynamic = false;
    bool versions = false;
    for (Elf_Scn* section = elf_nextscn(elf_, nullptr); section != nullptr;
         section = elf_nextscn(elf_, section)) {
      GElf_Shdr about{};
      if (gelf_getshdr(section, &about) == nullptr) return damaged();
      if (about.sh_type == SHT_DYNAMIC && !std::exchange(dynamic, true))
        ORTFORGE_CHECK(read_dynamic(elf_getdata(section, nullptr), about.sh_link));
      if (about.sh_type == SHT_GNU_verneed && !std::exchange(versions, true))
        ORTFORGE_CHECK(read_versions(elf_getdata(section, nullptr), about.sh_link));
    }
    if (!dynamic) return fail(ErrorKind::bad_input, "{}: has no dynamic section", name_);
    return std::move(library_);
  }

 private:
  tl::unexpected<Error> damaged() const {
    return fail(ErrorKind::bad_input, "{}: damaged or cut short", name_);
  }

  Result<std::string> text(std::size_t section, std::size_t offset) const {
    const char* found = elf_strptr(elf_, section, offset);
    if (found == nullptr) return damaged();
    return std::string(found);
  }

  Result<void> read_dynamic(Elf_Data* data, std::size_t strings) {
    if (data == nullptr) return damaged();
    GElf_Dyn entry{};
    for (int i = 0; gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i) {
      std::string* place = nullptr;
      if (entry.d_tag == DT_NEEDED) place = &library_.needed.emplace_back();
      if (entry.d_tag == DT_SONAME) place = &library_.soname;
      if (entry.d_tag == DT_RPATH) place = &library_.rpath;
      if (entry.d_tag == DT_RUNPATH) place = &library_.runpath;
      if (place == nullptr) continue;
      ORTFORGE_TRY(*place, text(strings, entry.d_un.d_val));
    }
    return {};
  }

  // A list of libraries, each with a list of versions; each entry gives the distance to the next one.
  Result<void> read_versions(Elf_Data* data, std::size_t strings) {
    if (data == nullptr) return damaged();
    std::size_t left = data->d_size / sizeof(GElf_Verneed);  // entries that fit; more: they overlap
    std::size_t at = 0;
    while (true) {
      GElf_Verneed need{};
      if (left-- == 0 || at > INT_MAX || gelf_getverneed(data, static_cast<int>(at), &need) == nullptr)
        return damaged();
      std::size_t version_at = at + need.vn_aux;
      for (unsigned i = 0; i < need.vn_cnt; ++i) {
        GElf_Vernaux version{};
        if (left-- == 0 || version_at > INT_MAX ||
            gelf_getvernaux(data, static_cast<int>(version_at), &version) == nullptr)
          return damaged();
        ORTFORGE_TRY(const std::string name, text(strings, version.vna_name));
        raise_to(library_.glibc, "GLIBC_", name);
        raise_to(library_.libstdcxx, "GLIBCXX_", name);
        version_at += version.vna_next;
      }
      if (need.vn_next == 0) return {};
      at += need.vn_next;
    }
  }

  Elf* elf_;
  std::uint64_t bytes_;
  std::string name_;
  SharedLibrary library_;
};

}  // namespace

Result<SharedLibrary> read_shared_library(const fs::path& file) {
  ORTFORGE_CHECK(start_libelf());
  const OpenFile open_file(file);
  struct stat status {};
  if (open_file.number() < 0 || ::fstat(open_file.number(), &status) != 0) {
    return fail(ErrorKind::missing, "{}: cannot be read: {}", file.string(),
                std::generic_category().message(errno));
  }
  const ElfHandle elf(elf_begin(open_file.number(), ELF_C_READ, nullptr));
  return Reader(elf.get(), static_cast<std::uint64_t>(status.st_size), file.string()).read();
}

Result<SharedLibrary> parse_shared_library(std::string_view bytes, const std::string& name) {
  ORTFORGE_CHECK(start_libelf());
  std::string image(bytes);  // libelf asks for memory it could write to
  const ElfHandle elf(elf_memory(image.data(), image.size()));
  return Reader(elf.get(), image.size(), name).read();
}

}  // namespace ortforge

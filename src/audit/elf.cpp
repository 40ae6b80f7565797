#include "ortforge/audit/elf.hpp"

#include <climits>
#include <cstdint>
#include <utility>

#include "elf_file.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using audit_detail::ElfFile;

// Takes the number behind `prefix` in a version name: "GLIBC_2.38", but not "GLIBC_PRIVATE".
void raise_to(std::string& highest, std::string_view prefix, std::string_view version) {
  if (!version.starts_with(prefix)) return;
  version.remove_prefix(prefix.size());
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string_view::npos) return;
  if (highest.empty() || compare_versions(version, highest) > 0) highest = version;
}

class Reader {
 public:
  explicit Reader(const ElfFile& file) : file_(file) {}

  Result<SharedLibrary> read() {
    bool dynamic = false;
    bool versions = false;
    for (Elf_Scn* section = elf_nextscn(file_.handle(), nullptr); section != nullptr;
         section = elf_nextscn(file_.handle(), section)) {
      GElf_Shdr about{};
      if (gelf_getshdr(section, &about) == nullptr) return damaged();
      if (about.sh_type == SHT_DYNAMIC && !std::exchange(dynamic, true))
        ORTFORGE_CHECK(read_dynamic(elf_getdata(section, nullptr), about.sh_link));
      if (about.sh_type == SHT_GNU_verneed && !std::exchange(versions, true))
        ORTFORGE_CHECK(read_versions(elf_getdata(section, nullptr), about.sh_link));
    }
    if (!dynamic) return fail(ErrorKind::bad_input, "{}: has no dynamic section", file_.name());
    return std::move(library_);
  }

 private:
  tl::unexpected<Error> damaged() const { return file_.damaged(); }

  Result<std::string> text(std::size_t section, std::size_t offset) const {
    const char* found = elf_strptr(file_.handle(), section, offset);
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

  const ElfFile& file_;
  SharedLibrary library_;
};

}  // namespace

Result<SharedLibrary> read_shared_library(const std::filesystem::path& file) {
  ORTFORGE_TRY(const ElfFile opened, ElfFile::open(file));
  return Reader(opened).read();
}

Result<SharedLibrary> parse_shared_library(std::string_view bytes, const std::string& name) {
  ORTFORGE_TRY(const ElfFile opened, ElfFile::of_bytes(bytes, name));
  return Reader(opened).read();
}

}  // namespace ortforge

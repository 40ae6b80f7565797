#include "ortforge/audit/cuda_code.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "elf_file.hpp"
#include "fat_binary.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using audit_detail::ElfFile;
using audit_detail::FatEntry;

constexpr const char* kReady = ".nv_fatbin";
constexpr const char* kModules = "__nv_relfatbin";

void add(std::vector<CudaTarget>& targets, const CudaTarget& more) {
  const auto key = [](const CudaTarget& target) { return std::tie(target.sm, target.name, target.version); };
  const auto place =
      std::lower_bound(targets.begin(), targets.end(), more,
                       [&](const CudaTarget& one, const CudaTarget& two) { return key(one) < key(two); });
  if (place != targets.end() && key(*place) == key(more)) {
    place->count += more.count;
  } else {
    targets.insert(place, more);
  }
}

void add(CudaTargets& code, const FatEntry& entry) {
  CudaTarget target{fmt::format("sm_{}{}", entry.sm, entry.suffix), entry.sm, {}, 1};
  if (entry.kind == audit_detail::kMachineCode) return add(code.sass, target);
  if (entry.kind == audit_detail::kPtxCode) {
    target.name = fmt::format("compute_{}{}", entry.sm, entry.suffix);
    target.version = fmt::format("{}.{}", entry.major, entry.minor);
    return add(code.ptx, target);
  }
  target.name = entry.kind == audit_detail::kLinkTimeCode
                    ? fmt::format("lto_{}{}", entry.sm, entry.suffix)
                    : fmt::format("kind {} for {}", entry.kind, target.name);
  add(code.other, target);
}

void add(CudaTargets& sum, const CudaTargets& more) {
  for (const CudaTarget& target : more.sass) add(sum.sass, target);
  for (const CudaTarget& target : more.ptx) add(sum.ptx, target);
  for (const CudaTarget& target : more.other) add(sum.other, target);
}

Result<CudaCode> code_of(const ElfFile& file) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(file.handle(), &names) != 0) return file.damaged();
  CudaCode code;
  for (Elf_Scn* section = elf_nextscn(file.handle(), nullptr); section != nullptr;
       section = elf_nextscn(file.handle(), section)) {
    GElf_Shdr about{};
    if (gelf_getshdr(section, &about) == nullptr) return file.damaged();
    if (about.sh_type == SHT_NOBITS) continue;  // of a file of debug information
    const char* found = elf_strptr(file.handle(), names, about.sh_name);
    if (found == nullptr) return file.damaged();
    const std::string name = found;
    if (name != kReady && name != kModules) continue;
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return file.damaged();
    if (data->d_buf == nullptr) continue;  // empty
    const std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
    ORTFORGE_TRY(const auto containers, audit_detail::read_fat_binaries(bytes, file.name() + ": " + name));
    for (const auto& entries : containers) {
      CudaTargets targets;
      for (const FatEntry& entry : entries) add(targets, entry);
      if (name == kReady) {
        add(code.ready, targets);
      } else if (!targets.empty()) {
        code.modules.push_back(std::move(targets));
      }
    }
  }
  return code;
}

}  // namespace

Result<CudaCode> read_cuda_code(const std::filesystem::path& file) {
  ORTFORGE_TRY(const ElfFile opened, ElfFile::open(file));
  return code_of(opened);
}

Result<CudaCode> parse_cuda_code(std::string_view bytes, const std::string& name) {
  ORTFORGE_TRY(const ElfFile opened, ElfFile::of_bytes(bytes, name));
  return code_of(opened);
}

void add_cuda_code(CudaCode& sum, const CudaCode& more) {
  add(sum.ready, more.ready);
  sum.modules.insert(sum.modules.end(), more.modules.begin(), more.modules.end());
}

CudaTargets all_modules(const CudaCode& code) {
  CudaTargets all;
  for (const CudaTargets& module : code.modules) add(all, module);
  return all;
}

std::string cuda_targets_text(const CudaTargets& targets) {
  std::vector<std::string> parts;
  for (const CudaTarget& target : targets.sass)
    parts.push_back(fmt::format("{} in {}", target.name, counted(target.count, "cubin")));
  if (targets.sass.empty()) parts.emplace_back("no SASS");
  for (const CudaTarget& target : targets.ptx)
    parts.push_back(fmt::format("PTX {} for {}", target.version, target.name));
  if (targets.ptx.empty()) parts.emplace_back("no PTX");
  for (const CudaTarget& target : targets.other) parts.push_back(target.name);
  return join(parts, ", ");
}

std::string cuda_code_text(const CudaCode& code) {
  if (code.empty()) return "none";
  if (code.ready.empty()) return "not linked: " + cuda_targets_text(all_modules(code));
  std::string text = cuda_targets_text(code.ready);
  if (code.modules.empty()) return text;
  return fmt::format("{}, linked from {}", text, counted(code.modules.size(), "module"));
}

}  // namespace ortforge

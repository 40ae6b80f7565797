#include "ortforge/audit/cuda_libraries.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "library_files.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

bool all_for(const std::vector<CudaTarget>& targets, int sm) {
  return std::all_of(targets.begin(), targets.end(),
                     [&](const CudaTarget& target) { return target.sm == sm; });
}

bool has_target(const std::vector<CudaTarget>& targets, const std::string& name) {
  return std::any_of(targets.begin(), targets.end(),
                     [&](const CudaTarget& target) { return target.name == name; });
}

// What the modules could be linked to: the targets that are in all of them. PTX is compiled first, so any of
// it will do.
CudaTargets linkable(const std::vector<CudaTargets>& modules) {
  CudaTargets common;
  if (modules.empty()) return common;
  const auto everywhere = [&](auto has) { return std::all_of(modules.begin(), modules.end(), has); };
  for (const CudaTarget& target : modules.front().sass) {
    if (everywhere([&](const CudaTargets& module) { return has_target(module.sass, target.name); }))
      common.sass.push_back(target);
  }
  for (const CudaTarget& target : modules.front().other) {
    if (everywhere([&](const CudaTargets& module) { return has_target(module.other, target.name); }))
      common.other.push_back(target);
  }
  if (everywhere([](const CudaTargets& module) { return !module.ptx.empty(); }))
    common.ptx = modules.front().ptx;
  return common;
}

// What the library holds beside or in place of what is named, in words; empty: nothing.
std::string otherwise(const CudaCode& code, int sm, bool ptx) {
  const CudaTargets& ready = code.ready;
  const bool ready_fits = !ready.sass.empty() && all_for(ready.sass, sm) && all_for(ready.ptx, sm) &&
                          (ptx || ready.ptx.empty()) && ready.other.empty();
  if (!ready.empty() && !ready_fits) return cuda_targets_text(ready);
  const CudaTargets common = linkable(code.modules);
  const bool modules_fit = all_for(common.sass, sm) && (ptx || common.ptx.empty()) && common.other.empty() &&
                           (!ready.empty() || !common.sass.empty());
  return modules_fit ? std::string() : "modules with " + cuda_targets_text(all_modules(code));
}

}  // namespace

Result<std::vector<CudaLibrary>> cuda_libraries(const fs::path& folder) {
  ORTFORGE_TRY(auto files, audit_detail::library_files(folder));
  std::sort(files.begin(), files.end());
  std::vector<CudaLibrary> libraries;
  for (const fs::path& file : files) {
    ORTFORGE_TRY(CudaCode code, read_cuda_code(file));
    if (code.empty()) continue;
    std::error_code error;
    const std::uint64_t bytes = fs::file_size(file, error);
    libraries.push_back({file.lexically_relative(folder), bytes, std::move(code)});
  }
  return libraries;
}

CudaCode all_cuda_code(const std::vector<CudaLibrary>& libraries) {
  CudaCode all;
  std::set<std::pair<fs::path, std::uint64_t>> seen;
  for (const CudaLibrary& library : libraries) {
    if (seen.insert({library.file.filename(), library.bytes}).second) add_cuda_code(all, library.code);
  }
  return all;
}

std::string cuda_fault(const std::vector<CudaLibrary>& libraries, int sm, bool ptx) {
  const std::string named = fmt::format("the variant names sm_{} and {}", sm,
                                        ptx ? fmt::format("PTX for compute_{}", sm) : "no PTX");
  if (libraries.empty()) return "no library holds CUDA code; " + named;
  for (const CudaLibrary& library : libraries) {
    const std::string held = otherwise(library.code, sm, ptx);
    if (!held.empty()) return fmt::format("{} holds {}; {}", library.file.generic_string(), held, named);
  }
  return {};
}

}  // namespace ortforge

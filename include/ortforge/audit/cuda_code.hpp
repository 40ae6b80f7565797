// The CUDA code that a library holds: for which GPUs there is machine code (SASS), and what PTX.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// Code of one kind for one target.
struct CudaTarget {
  std::string name;       // SASS: "sm_90", "sm_90a"; PTX: "compute_90"; other: "lto_90", "kind 16 for sm_90"
  int sm = 0;             // 90
  std::string version;    // PTX: of the language, "9.0"; else empty
  std::size_t count = 0;  // cubins (each with all kernels of one compilation or linking), texts of PTX

  bool operator==(const CudaTarget&) const = default;
};

// Each target once, by SM, then by name.
struct CudaTargets {
  std::vector<CudaTarget> sass;
  std::vector<CudaTarget> ptx;
  std::vector<CudaTarget> other;

  bool empty() const { return sass.empty() && ptx.empty() && other.empty(); }
  bool operator==(const CudaTargets&) const = default;
};

struct CudaCode {
  CudaTargets ready;  // what the driver loads
  // What was compiled to be linked (nvcc -rdc=true), one by one; they stay beside what was linked of them.
  std::vector<CudaTargets> modules;

  bool empty() const { return ready.empty() && modules.empty(); }
  bool operator==(const CudaCode&) const = default;
};

// Reads the fat binaries of an ELF file; nothing else in it is looked at. Errors, naming the file: missing
// (unreadable, or the machine has no libelf), bad_input (no ELF file, damaged, a fat binary that is not as
// expected).
Result<CudaCode> read_cuda_code(const std::filesystem::path& file);

// The same from the bytes of a file; `name` stands for it in messages.
Result<CudaCode> parse_cuda_code(std::string_view bytes, const std::string& name);

void add_cuda_code(CudaCode& sum, const CudaCode& more);

// All that the modules hold.
CudaTargets all_modules(const CudaCode& code);

// "sm_90 in 412 cubins, no PTX", "sm_80 in 1 cubin, PTX 9.0 for compute_80".
std::string cuda_targets_text(const CudaTargets& targets);

// The same of what is ready: "sm_90 in 1 cubin, no PTX, linked from 412 modules"; "not linked: sm_90 in 412
// cubins, no PTX" where nothing is; "none" where there is no code.
std::string cuda_code_text(const CudaCode& code);

}  // namespace ortforge

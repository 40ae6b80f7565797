// The CUDA code in a folder of libraries, and whether it is what the name of a variant says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/base/result.hpp"

namespace ortforge {

struct CudaLibrary {
  std::filesystem::path file;  // below the folder
  std::uint64_t bytes = 0;
  CudaCode code;  // not empty

  bool operator==(const CudaLibrary&) const = default;
};

// The shared libraries in `folder` or below that hold CUDA code, by path; none where the folder is absent.
// Links and files of debug information are passed over. Errors, naming the file: as read_cuda_code.
Result<std::vector<CudaLibrary>> cuda_libraries(const std::filesystem::path& folder);

// All their code. A library that lies there twice, by its name and size (beside others and in a package of
// Python), counts once.
CudaCode all_cuda_code(const std::vector<CudaLibrary>& libraries);

// What is wrong with the libraries of a variant for `sm`. Each has SASS for this SM (sm_90, sm_90a) and for
// no other and, unless `ptx` says that its recipe asks for it, no PTX, and there is one at least. The modules
// of a library could not be linked for anything else either: a target that one of them lacks does not count,
// for CUDA's own (libcudadevrt.a) is there for every SM. Names the first library that is otherwise; empty
// when all is well.
std::string cuda_fault(const std::vector<CudaLibrary>& libraries, int sm, bool ptx);

}  // namespace ortforge

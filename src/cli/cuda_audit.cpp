#include "ortforge/cli/cuda_audit.hpp"

#include "ortforge/audit/cuda_libraries.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/record/result_files.hpp"

namespace ortforge {
namespace {

// Whether nvcc is asked for PTX beside SASS: by CMAKE_CUDA_ARCHITECTURES "90", not by "90-real".
Result<bool> asks_for_ptx(const Recipe& recipe) {
  ORTFORGE_TRY(const auto options, cmake_options(recipe));
  for (const auto& [name, value] : options) {
    if (!name.ends_with("/CMAKE_CUDA_ARCHITECTURES")) continue;
    for (const std::string& architecture : split(value, ';'))
      if (!architecture.ends_with("-real")) return true;
  }
  return false;
}

}  // namespace

Result<CudaAudit> audit_cuda(const PlanRequest& request, const std::filesystem::path& result) {
  CudaAudit audit;
  if (!request.variant.sm) return audit;
  ORTFORGE_TRY(const bool ptx, asks_for_ptx(request.recipe));
  const auto libraries = cuda_libraries(result / "lib");
  if (!libraries) {
    if (libraries.error().kind != ErrorKind::bad_input) return pass_on(libraries.error());
    audit.fault = libraries.error().message;
    return audit;
  }
  audit.code = all_cuda_code(*libraries);
  audit.fault = cuda_fault(*libraries, *request.variant.sm, ptx);
  return audit;
}

Result<std::string> cuda_fault_in(const std::vector<PlanRequest>& requests, const Step& step,
                                  const std::filesystem::path& result) {
  ORTFORGE_TRY(const PlanRequest* request, request_of(requests, step));
  ORTFORGE_TRY(CudaAudit audit, audit_cuda(*request, result));
  return std::move(audit.fault);
}

}  // namespace ortforge

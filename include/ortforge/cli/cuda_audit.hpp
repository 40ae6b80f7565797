// The CUDA code of results, beside what the names of their variants say.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

struct CudaAudit {
  std::optional<CudaCode> code;  // of all libraries; nothing: a CPU variant, or a library that is damaged
  std::string fault;             // what is wrong with it, for people; empty: nothing
};

// Looks into the libraries of a variant's result. What is wrong is a fault: code that the variant does not
// name, code of its own that is missing, a library that cannot be understood. Errors: missing (a library
// cannot be read, the machine has no libelf), bad_input (presets that are not as recipes have them).
Result<CudaAudit> audit_cuda(const PlanRequest& request, const std::filesystem::path& result);

// The fault in a folder that is to be the result of `step`, for BuildContext::fault_in_result. Errors: as
// audit_cuda; internal when the step belongs to no request.
Result<std::string> cuda_fault_in(const std::vector<PlanRequest>& requests, const Step& step,
                                  const std::filesystem::path& result);

}  // namespace ortforge

// CUDA code as JSON. Inner header of `report`.
#pragma once

#include <optional>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge::report_detail {

// The member `cuda_code` of docs/json/build.schema.json and show.schema.json; null for nothing.
Json cuda_code_json(const std::optional<CudaCode>& code);

}  // namespace ortforge::report_detail

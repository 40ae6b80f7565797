// Everything known of one variant: text and JSON (docs/json/show.schema.json).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/report/plan.hpp"
#include "ortforge/report/variants.hpp"

namespace ortforge {

struct ShowInput {
  const Matrix& matrix;
  VariantRow row;
  std::optional<Plan> plan;  // its steps; nothing when it cannot be built here
  PlanView view;
  std::vector<StepRecord> steps;  // newest first, a few
  std::string no_plan;            // why there is no plan
  std::string glibc;  // oldest that the libraries of its result run with; empty: no result, or none asked for
  std::optional<CudaCode> cuda_code;  // of those libraries; nothing: no result, or not looked for
};

std::string show_text(const ShowInput& input, std::size_t width);
std::string show_json(const ShowInput& input);

}  // namespace ortforge

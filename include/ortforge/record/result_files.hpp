// What ortforge adds to a finished result beside what was built: provenance.json, recipe/, bin/python.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/build/workshop.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/record/git_state.hpp"

namespace ortforge {

// The CMake cache entries of every build tree, "core/CMAKE_BUILD_TYPE" -> "Release", as its presets set them.
// Error: bad_input for presets that are not as recipes have them.
Result<std::map<std::string, std::string>> cmake_options(const Recipe& recipe);

// What stays the same for all results of one run.
struct ResultFiles {
  const std::vector<PlanRequest>* requests = nullptr;
  const Workshop* workshop = nullptr;
  std::optional<GitState> matrix_state;
  RunRecord run;

  // Writes the files for the result of `step` into `output`. `records` are the plan's steps so far, the
  // step's own among them with its artefacts. Error: internal when the plan and the requests do not fit;
  // missing when nothing can be written.
  Result<void> add(const Plan& plan, std::size_t step, const std::vector<StepRecord>& records,
                   const std::filesystem::path& output) const;
};

}  // namespace ortforge

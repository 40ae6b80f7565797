// Views of a plan: text, JSON (docs/json/plan.schema.json), DOT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/build/needed.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/source/installed_toolkit.hpp"

namespace ortforge {

// Variants that were asked for by --all or a filter and cannot be built here, with the reason.
struct SkippedVariant {
  std::string name;
  std::string reason;  // "for aarch64-linux"
};

// "10 skipped: for aarch64-linux", a line for each reason; `each`: a line for each variant.
std::string skipped_text(const std::vector<SkippedVariant>& skipped, bool each);

// What stands beside each step of a plan.
struct PlanView {
  struct StepView {
    std::string state;  // "stored", "remote", "run", "not needed"
    std::int64_t expected_cpu_ms = 0;
    bool measured = false;  // the step itself took that; else it is an estimate, shown with "~"
  };
  std::vector<StepView> steps;              // as in Plan::steps
  std::int64_t cpu_ms = 0;                  // of the steps that have to run
  std::int64_t separate_cpu_ms = 0;         // the same work when no variant shares a step with another
  std::uint64_t disk_bytes = 0;             // work directories of the steps that have to run
  std::uint64_t peak_bytes = 0;             // heaviest single process
  std::optional<InstalledToolkit> toolkit;  // that steps read in place of wheels
};

// "20.0 s", "~20.0 s" for an estimate.
std::string cost_text(const PlanView::StepView& step);

// `remote` is asked for the steps that are not in the store; empty: none is.
Result<PlanView> view_plan(const Plan& plan, const Store& store, Recorder& recorder,
                           const AskRemote& remote = {});

std::string plan_json(const Plan& plan, const PlanView& view);
std::string plan_dot(const Plan& plan, const PlanView& view);

// The table of steps and a summary, where there are any, and the variants left out; `each` as skipped_text.
std::string plan_text(const Plan& plan, const PlanView& view, const std::vector<SkippedVariant>& skipped,
                      std::size_t width, bool each = false);

}  // namespace ortforge

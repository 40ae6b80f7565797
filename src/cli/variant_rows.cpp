#include "ortforge/cli/variant_rows.hpp"

#include <map>

#include <sys/utsname.h>

#include "ortforge/cli/toolkit_option.hpp"
#include "ortforge/environment/environment.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/record/database.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// What the machine lacks for an environment, by program; empty: nothing. Looks at PATH only, so that a list
// stays quick; `doctor` looks closer.
std::string lacks(const EnvironmentSpec& spec, const std::string& path, const fs::path& home) {
  std::vector<std::string> programs{"bwrap"};
  if (spec.kind == "host") {
    programs.insert(programs.end(), spec.programs.begin(), spec.programs.end());
  } else if (!holds_root(home, spec.name)) {
    programs.push_back("mmdebstrap");
  }
  for (const std::string& program : programs) {
    if (!find_program(program, path)) return program;
  }
  return {};
}

}  // namespace

Result<std::vector<VariantRow>> variant_rows(Session& session, std::vector<Variant> variants) {
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  utsname names{};
  ::uname(&names);
  const std::string platform = std::string(names.machine) + "-linux";
  ORTFORGE_TRY(const fs::path home, session.home());
  std::map<std::string, std::string> missing;
  for (const auto& [name, spec] : matrix->environments)
    missing[name] = lacks(spec, session.variable("PATH"), home);

  std::map<std::string, Database::VariantState> states;
  ORTFORGE_TRY(const auto database, Database::open_existing(home / "state.db"));
  if (database) {
    ORTFORGE_TRY(const auto known, database->variant_states());
    for (const auto& state : known) states[state.product + "/" + state.branch + ":" + state.variant] = state;
  }
  ORTFORGE_TRY(const auto installed, session.toolkit({}));
  std::vector<VariantRow> rows;
  for (Variant& variant : variants) {
    VariantRow row;
    const Branch& branch = matrix->products.at(variant.product).branches.at(variant.branch);
    std::string lacking = missing[branch.environment];
    for (const auto& [component, environment] : branch.lines.at(variant.line).environments) {
      if (lacking.empty()) lacking = missing[environment];
    }
    if (const Feasibility cmake = cmake_feasibility(variant); !cmake.feasible) {
      row.here_missing = cmake.fact;
    } else if (variant.platform != platform) {
      row.here_missing = "a machine of " + variant.platform;
      row.other_platform = true;
    } else if (installed.empty() && lack_of_toolkit(*matrix, variant, std::nullopt)) {
      row.here_missing = "CUDA " + variant.cuda;
    } else if (!lacking.empty()) {
      row.here_missing = lacking;
    }
    row.here = row.here_missing.empty();
    const auto state = states.find(variant.product + "/" + variant.branch + ":" + variant.name);
    if (state != states.end()) row.record = state->second.last_status;
    row.variant = std::move(variant);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace ortforge

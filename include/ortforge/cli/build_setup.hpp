// What the commands that plan or build have in common: which variants, from which sources, in which
// environment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ortforge/build/workshop.hpp"
#include "ortforge/cli/command.hpp"
#include "ortforge/cli/download_status.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/record/database.hpp"
#include "ortforge/report/plan.hpp"

namespace ortforge {

// Options of the commands that take variants.
struct SelectionOptions {
  std::vector<std::string> names;
  bool all = false;
  std::string filter;
  std::vector<std::string> sources;  // NAME=DIR
  std::vector<std::string> outputs;  // lib, wheel
  std::string environment;
  std::vector<std::string> toolkit;  // folders; empty: what Session::toolkit finds
  bool offline = false;
};

void add_selection_options(OptionSet& options, SelectionOptions& selection);

// Error: bad_input when no variant is named in any way, or in two that exclude each other.
Result<void> check_selection(const SelectionOptions& selection);

class BuildSetup {
 public:
  // Errors: bad_input (names, filter, infeasible variant asked for by name, --source for what no variant
  // takes, an installed toolkit for an environment that does not show it), missing (variant of another
  // platform, or without its toolkit; no home), as find_installed_toolkit.
  static Result<BuildSetup> make(Session& session, const SelectionOptions& selection);

  const std::vector<Variant>& variants() const { return variants_; }
  const std::vector<SkippedVariant>& skipped() const { return skipped_; }
  Workshop& workshop() { return *workshop_; }
  const Store& store() const { return store_; }
  const Matrix& matrix() const { return *matrix_; }
  const std::filesystem::path& home() const { return home_; }

  // The record for reading; one without content when there is none yet.
  Result<std::unique_ptr<Recorder>> history() const;

  // What stands beside the steps of a plan of these requests, and the installed toolkit that they read;
  // `remote` as view_plan. Errors: as history, view_plan.
  Result<PlanView> view(const Plan& plan, const std::vector<PlanRequest>& requests,
                        const AskRemote& remote = {}) const;

 private:
  BuildSetup(std::filesystem::path home, const Matrix& matrix)
      : home_(std::move(home)), matrix_(&matrix), store_(home_) {}

  std::filesystem::path home_;
  const Matrix* matrix_;
  Store store_;
  std::vector<Variant> variants_;
  std::vector<SkippedVariant> skipped_;
  std::unique_ptr<DownloadStatus> downloads_;  // the workshop tells it
  std::unique_ptr<Workshop> workshop_;
};

}  // namespace ortforge

#include "ortforge/cli/build_setup.hpp"

#include <algorithm>
#include <ostream>

#include <sys/utsname.h>

#include "ortforge/cli/toolkit_option.hpp"
#include "ortforge/matrix/filter.hpp"
#include "ortforge/report/variants.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// "x86_64-linux" for the machine ortforge runs on.
std::string this_platform() {
  utsname names{};
  ::uname(&names);
  return std::string(names.machine) + "-linux";
}

// Stands in for a record that does not exist yet: it knows nothing and keeps nothing.
class EmptyHistory : public Recorder {
 public:
  Result<std::int64_t> begin_run(const RunRecord&) override { return 0; }
  Result<void> finish_run(std::int64_t, const std::string&, std::int64_t) override { return {}; }
  Result<std::int64_t> add_step(const StepRecord&) override { return 0; }
  Result<void> set_object_costs(const std::string&, const std::vector<ObjectCost>&) override { return {}; }
  Result<std::optional<StepRecord>> last_built(const std::string&) override {
    return std::optional<StepRecord>();
  }
  Result<std::optional<StepRecord>> last_measured(const std::string&) override {
    return std::optional<StepRecord>();
  }
  Result<std::optional<StepRecord>> last_with_key(const std::string&) override {
    return std::optional<StepRecord>();
  }
  Result<std::optional<StepRecord>> last_of_component(const std::string&, const std::string&,
                                                      const std::string&) override {
    return std::optional<StepRecord>();
  }
  Result<std::vector<ObjectCost>> object_costs(const std::string&) override {
    return std::vector<ObjectCost>();
  }
};

Result<std::map<std::string, fs::path>> parse_overrides(const std::vector<std::string>& texts,
                                                        const fs::path& directory) {
  std::map<std::string, fs::path> result;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      return fail(ErrorKind::bad_input, "--source {}: expected NAME=DIR", text);
    }
    const fs::path path = directory / text.substr(equals + 1);
    std::error_code error;
    if (!fs::is_directory(path, error))
      return fail(ErrorKind::bad_input, "--source {}: no such folder: {}", text, path.string());
    result[text.substr(0, equals)] = fs::weakly_canonical(path);
  }
  return result;
}

// `wheels`: whether the toolkits are made of them.
Result<void> check_override_names(const std::map<std::string, fs::path>& overrides, const Matrix& matrix,
                                  const std::vector<Variant>& variants, bool wheels) {
  std::vector<std::string> known;
  for (const Variant& variant : variants) {
    const Branch& branch = matrix.products.at(variant.product).branches.at(variant.branch);
    for (const auto& [name, source] : branch.sources) known.push_back(name);
    for (const auto& [product, other] : branch.required) {
      for (const auto& [name, source] : matrix.products.at(product).branches.at(other).sources)
        known.push_back(name);
    }
    if (!wheels) continue;
    for (const Source& wheel : branch.lines.at(variant.line).toolkit_sources) known.push_back(wheel.name);
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  for (const auto& [name, path] : overrides) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(ErrorKind::bad_input, "--source {}: no such source{}; the sources are: {}", name,
                  did_you_mean(name, known), join(known, ", "));
    }
  }
  return {};
}

}  // namespace

void add_selection_options(OptionSet& options, SelectionOptions& selection) {
  options.positionals("VARIANT", selection.names, "Variants: [product/][branch:]name, such as cpu-avx2",
                      false);
  options.flag("--all", selection.all, "Every variant of the branch that can be built here");
  options.option("--filter", selection.filter,
                 "Of those, the ones that pass, such as 'sm>=90 && isa=~avx512'", "EXPR");
  options.list("--source", selection.sources, "Use a folder in place of a source", "NAME=DIR");
  options.list("--outputs", selection.outputs, "lib, wheel (default: both)", "OUTPUT");
  options.option("--environment", selection.environment, "Build in another environment than the branch's",
                 "NAME");
  add_toolkit_option(options, selection.toolkit);
  options.flag("--offline", selection.offline, "Use nothing but what was fetched before");
}

Result<void> check_selection(const SelectionOptions& selection) {
  if (selection.names.empty() && !selection.all && selection.filter.empty()) {
    return fail_with_hint(ErrorKind::bad_input, "no variant named",
                          "name one (see 'ortforge list'), or say --all or --filter EXPR");
  }
  if (!selection.names.empty() && selection.all)
    return fail(ErrorKind::bad_input, "--all and variant names exclude each other");
  return {};
}

Result<BuildSetup> BuildSetup::make(Session& session, const SelectionOptions& selection) {
  ORTFORGE_CHECK(check_selection(selection));
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  ORTFORGE_TRY(std::vector<Variant> variants, session.select(selection.names, selection.filter));
  ORTFORGE_TRY(fs::path home, session.home());
  WorkshopOptions options;
  ORTFORGE_TRY(options.toolkit,
               installed_toolkit(session, selection.toolkit, variants, selection.environment));
  BuildSetup setup(std::move(home), *matrix);
  const bool by_name = !selection.names.empty() && selection.filter.empty();
  for (Variant& variant : variants) {
    const Feasibility cmake = cmake_feasibility(variant);
    if (!cmake.feasible) {
      if (by_name)
        return fail(ErrorKind::bad_input, "{} is infeasible: {} (rule {})", variant.name, cmake.fact,
                    cmake.rule);
      setup.skipped_.push_back({variant.name, cmake.fact});
    } else if (variant.platform != this_platform()) {
      if (by_name) {
        return fail(ErrorKind::missing, "{} is for {}, this machine is {}", variant.name, variant.platform,
                    this_platform());
      }
      setup.skipped_.push_back({variant.name, "for " + variant.platform});
    } else if (auto lack = lack_of_toolkit(*matrix, variant, options.toolkit)) {
      if (by_name) return pass_on(*std::move(lack));
      setup.skipped_.push_back({variant.name, "no CUDA " + variant.cuda});
    } else {
      setup.variants_.push_back(std::move(variant));
    }
  }
  options.home = setup.home_;
  ORTFORGE_TRY(options.templates, session.templates_directory());
  options.variables = session.surroundings().variables;
  ORTFORGE_TRY(options.overrides, parse_overrides(selection.sources, session.surroundings().directory));
  ORTFORGE_CHECK(check_override_names(options.overrides, *matrix, setup.variants_, !options.toolkit));
  if (!selection.outputs.empty()) {
    options.outputs.clear();
    for (const std::string& text : selection.outputs) {
      for (const std::string& output : split(text, ',')) {
        if (output != "lib" && output != "wheel") {
          return fail(ErrorKind::bad_input, "--outputs {}: expected lib or wheel{}", output,
                      did_you_mean(output, {"lib", "wheel"}));
        }
        options.outputs.insert(output);
      }
    }
  }
  options.environment = selection.environment;
  options.offline = selection.offline;
  options.interrupt = session.surroundings().interrupt;
  std::ostream& err = session.err();
  const bool quiet = session.options().quiet;
  options.note = [&err, quiet](std::string_view text) {
    if (!quiet) err << text << std::endl;
  };
  const bool terminal = session.surroundings().err_is_terminal && session.variable("TERM") != "dumb";
  const DownloadStyle style{terminal, quiet, session.surroundings().terminal_width};
  setup.downloads_ = std::make_unique<DownloadStatus>(err, style);
  options.downloads = setup.downloads_.get();
  setup.workshop_ = std::make_unique<Workshop>(*matrix, std::move(options));
  return setup;
}

Result<std::unique_ptr<Recorder>> BuildSetup::history() const {
  ORTFORGE_TRY(std::unique_ptr<Database> database, Database::open_existing(home_ / "state.db"));
  if (database) return std::unique_ptr<Recorder>(std::move(database));
  return std::unique_ptr<Recorder>(std::make_unique<EmptyHistory>());
}

Result<PlanView> BuildSetup::view(const Plan& plan, const std::vector<PlanRequest>& requests,
                                  const AskRemote& remote) const {
  ORTFORGE_TRY(const std::unique_ptr<Recorder> recorder, history());
  ORTFORGE_TRY(PlanView view, view_plan(plan, store_, *recorder, remote));
  view.toolkit = workshop_->installed_toolkit(requests);
  return view;
}

}  // namespace ortforge

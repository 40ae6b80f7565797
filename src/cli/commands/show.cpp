#include "ortforge/report/show.hpp"

#include <ostream>

#include "ortforge/audit/glibc_floor.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/cuda_audit.hpp"
#include "ortforge/cli/variant_rows.hpp"

namespace ortforge {
namespace {

class ShowCommand : public CliCommand {
 public:
  std::string name() const override { return "show"; }
  std::string summary() const override { return "Show everything known of a variant"; }
  void add_options(OptionSet& options) override {
    options.positional("VARIANT", variant_, "[product/][branch:]name", true);
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const NameScope scope, session.scope());
    ORTFORGE_TRY(const Variant variant, resolve_variant(*matrix, variant_, scope));
    ORTFORGE_TRY(auto rows, variant_rows(session, {variant}));
    ShowInput input{*matrix, std::move(rows.front()), std::nullopt, {}, {}, {}, {}, {}};
    SelectionOptions selection;
    selection.names = {variant.product + "/" + variant.branch + ":" + variant.name};
    // One that is infeasible or for another platform is shown too, with that in place of its steps.
    if (const Feasibility cmake = cmake_feasibility(variant); !cmake.feasible) {
      input.no_plan = cmake.fact;
    } else if (auto setup = BuildSetup::make(session, selection)) {
      ORTFORGE_TRY(const auto requests, setup->workshop().requests({variant}));
      ORTFORGE_TRY(input.plan, setup->workshop().plan(requests));
      ORTFORGE_TRY(input.view, setup->view(*input.plan, requests));
      ORTFORGE_TRY(const auto entry, stored_result(*input.plan, setup->store()));
      auto glibc = entry ? glibc_floor(entry->path / "lib") : Result<std::string>();
      if (!glibc) session.err() << glibc.error().message << '\n';  // the rest can be shown nevertheless
      if (glibc) input.glibc = *std::move(glibc);
      if (entry) show_audit(session, audit_cuda(requests.front(), entry->path), input);
    } else {
      input.no_plan = setup.error().message;
    }
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    ORTFORGE_TRY(const auto database, Database::open_existing(home / "state.db"));
    if (database) {
      ORTFORGE_TRY(input.steps, database->steps_of_variant(variant.name, variant.branch, 10));
    }
    session.out() << (session.options().json ? show_json(input) : show_text(input, session.width()));
    return 0;
  }

 private:
  // The rest can be shown whatever the libraries are.
  static void show_audit(Session& session, const Result<CudaAudit>& audit, ShowInput& input) {
    if (audit) input.cuda_code = audit->code;
    const std::string fault = audit ? audit->fault : audit.error().message;
    if (!fault.empty()) session.err() << fault << '\n';
  }

  // The result of the one variant of a plan, where it is in the store.
  static Result<std::optional<StoreEntry>> stored_result(const Plan& plan, const Store& store) {
    const Step& step = plan.steps.at(plan.results.at(0).step);
    if (step.key.empty()) return std::optional<StoreEntry>();
    return store.find(step.key, step.recipe.scope);
  }

  std::string variant_;
};

}  // namespace

std::unique_ptr<CliCommand> make_show_command() {
  return std::make_unique<ShowCommand>();
}

}  // namespace ortforge

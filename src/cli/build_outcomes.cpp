#include "ortforge/cli/build_outcomes.hpp"

#include "ortforge/audit/glibc_floor.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/build/result_link.hpp"
#include "ortforge/cli/cuda_audit.hpp"
#include "ortforge/record/junit.hpp"

namespace ortforge {
namespace {

std::filesystem::path link_of(Session& session, const BuildSetup& setup, const Variant& variant) {
  const bool is_default = setup.matrix().products.at(variant.product).default_branch == variant.branch;
  return session.surroundings().directory / result_link_name(variant.name, variant.branch, is_default);
}

// What a finished test step reported; nothing where its product writes no report.
Result<std::vector<TestOutcome>> tests_in(const std::filesystem::path& output) {
  const std::filesystem::path file = output / "junit.xml";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::vector<TestOutcome>();
  ORTFORGE_TRY(const std::string text, read_file(file));
  return parse_junit(text, file.string());
}

// Whether nothing is wrong with a result.
bool take_audit(Session& session, Result<CudaAudit> audit, VariantOutcome& outcome) {
  if (!audit) {
    session.err() << audit.error().message << '\n';
    return true;
  }
  outcome.cuda_code = std::move(audit->code);
  if (audit->fault.empty()) return true;
  outcome.status = "failed";
  outcome.reason = audit->fault;
  if (outcome.reused) {
    outcome.reason +=
        "; it was in the store: remove the result links to it, then 'ortforge gc', and build again";
  }
  return false;
}

// Looks into a result that is there, and links it when `link` and it has no fault; `linked` as take_results.
void take_result(Session& session, const BuildSetup& setup, const PlanRequest& request,
                 const Variant& variant, bool link, VariantOutcome& outcome, Result<void>& linked) {
  auto glibc = glibc_floor(outcome.path / "lib");
  if (!glibc) session.err() << glibc.error().message << '\n';
  if (glibc) outcome.glibc = *std::move(glibc);
  const bool sound = take_audit(session, audit_cuda(request, outcome.path), outcome);
  if (!link || !sound) return;
  const auto place = link_of(session, setup, variant);
  const auto made = link_result(setup.home(), outcome.path, place);
  if (made) outcome.link = place.filename().string();
  if (!made && linked) linked = pass_on(made.error());
}

}  // namespace

Result<void> check_link_places(Session& session, const BuildSetup& setup) {
  for (const Variant& variant : setup.variants())
    ORTFORGE_CHECK(check_link_place(link_of(session, setup, variant)));
  return {};
}

std::string tested_by(const std::vector<PlanRequest>& requests, const Step& test,
                      const std::filesystem::path& output) {
  const auto request = request_of(requests, test);
  const auto tests = tests_in(output);
  if (!request || !tests || tests->empty()) return {};
  TestedVariant tested;
  tested.tests = *tests;
  return tested_word(verdict_of(tested, (*request)->variant.is_cuda()));
}

std::vector<VariantOutcome> take_results(Session& session, const BuildSetup& setup, const Plan& plan,
                                         const std::vector<PlanRequest>& requests, const BuildReport& report,
                                         bool link, Result<void>& linked) {
  std::vector<VariantOutcome> outcomes;
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    const PlannedResult& result = plan.results[i];
    const Variant& variant = setup.variants()[i];
    VariantOutcome outcome = outcome_of(result, report);
    if (outcome.built) {
      const Step& step = plan.steps[result.step];
      outcome.path = setup.store().entry_path(step.key, step.recipe.scope);
      take_result(session, setup, requests[i], variant, link, outcome, linked);
    }
    if (outcome.status == "tested") {
      const Step& test = plan.steps[*result.test];
      const auto tests = tests_in(setup.store().entry_path(test.key, test.recipe.scope));
      if (!tests) session.err() << tests.error().message << '\n';
      if (tests && !tests->empty()) add_tests(outcome, *tests, variant.is_cuda());
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace ortforge

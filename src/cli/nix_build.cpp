#include "ortforge/cli/nix_build.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

#include "ortforge/base/file.hpp"
#include "ortforge/build/nix_build.hpp"
#include "ortforge/build/result_link.hpp"
#include "ortforge/cli/application.hpp"
#include "ortforge/cli/run_facts.hpp"
#include "ortforge/hardware/host.hpp"
#include "ortforge/recipe/nix_recipe.hpp"
#include "ortforge/record/git_state.hpp"
#include "ortforge/report/nix_build.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

std::int64_t now_in_ms() {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Options as settings of Nix, those that were named last.
Result<NixOptions> nix_options(Session& session, const SelectionOptions& selected, const NixSelection& nix,
                               const NixCallOptions& call) {
  NixOptions options;
  options.fail_fast = call.fail_fast;
  if (call.jobs > 0) options.settings.emplace_back("max-jobs", std::to_string(call.jobs));
  if (nix.cores >= 0) options.settings.emplace_back("cores", std::to_string(nix.cores));
  if (!nix.builders.empty()) options.settings.emplace_back("builders", nix.builders);
  if (!nix.substituters.empty()) options.settings.emplace_back("substituters", nix.substituters);
  if (selected.offline) options.settings.emplace_back("substitute", "false");
  if (call.timeout) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*call.timeout);
    options.settings.emplace_back("timeout", std::to_string(seconds.count()));
  }
  for (const std::string& text : nix.settings) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      return fail(ErrorKind::bad_input, "--nix-option {}: expected NAME=VALUE", text);
    options.settings.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  if (nix.nixpkgs.empty()) return options;
  const fs::path folder = session.surroundings().directory / nix.nixpkgs;
  std::error_code error;
  options.nixpkgs = fs::canonical(folder, error);
  if (error || !fs::exists(options.nixpkgs / "default.nix", error)) {
    return fail(ErrorKind::bad_input, "--nixpkgs {}: expected a folder with a default.nix: {}", nix.nixpkgs,
                folder.string());
  }
  return options;
}

struct Chosen {
  std::vector<Variant> variants;
  std::vector<SkippedVariant> skipped;
};

// Why Nix on this machine does not build a variant; nothing when it does.
std::optional<Error> lack_of(const Variant& variant, const std::string& platform, bool elsewhere) {
  const auto backend = variant.backends.find("nix");
  if (backend == variant.backends.end())
    return Error{
        ErrorKind::bad_input, fmt::format("branch {} does not offer the Nix backend", variant.branch), {}};
  if (!backend->second.feasible) {
    return Error{ErrorKind::bad_input,
                 fmt::format("{} is infeasible with Nix: {} (rule {})", variant.name, backend->second.fact,
                             backend->second.rule),
                 {}};
  }
  if (variant.platform == platform || elsewhere) return std::nullopt;
  return Error{ErrorKind::missing,
               fmt::format("{} is for {}, this machine is {}", variant.name, variant.platform, platform),
               "name a machine that builds for it: --builders 'ssh://HOST " + variant.platform + "'"};
}

Result<Chosen> choose(Session& session, const SelectionOptions& selected, const std::string& platform,
                      bool elsewhere) {
  ORTFORGE_CHECK(check_selection(selected));
  ORTFORGE_TRY(const std::vector<Variant> variants, session.select(selected.names, selected.filter));
  const bool by_name = !selected.names.empty() && selected.filter.empty();
  Chosen chosen;
  for (const Variant& variant : variants) {
    const auto lack = lack_of(variant, platform, elsewhere);
    if (!lack) {
      chosen.variants.push_back(variant);
    } else if (by_name) {
      return pass_on(*lack);
    } else {
      const auto backend = variant.backends.find("nix");
      const bool infeasible = backend != variant.backends.end() && !backend->second.feasible;
      const std::string other = lack->kind == ErrorKind::missing ? "for " + variant.platform : lack->message;
      chosen.skipped.push_back({variant.name, infeasible ? backend->second.fact : other});
    }
  }
  return chosen;
}

// The recipes as `generate` writes them, below home/nix.
Result<std::vector<NixRequest>> write_requests(Session& session, const std::vector<Variant>& variants,
                                               const fs::path& home, bool link) {
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  ORTFORGE_TRY(const fs::path templates, session.templates_directory());
  ORTFORGE_TRY(const TemplateFolder folder, TemplateFolder::load(templates));
  std::vector<NixRequest> requests;
  for (const Variant& variant : variants) {
    ORTFORGE_TRY(const Recipe recipe, render_nix_recipe(*matrix, variant, folder));
    const auto& [path, content] = *recipe.files.begin();
    NixRequest request{variant.name, variant.product, variant.branch, variant.platform, {}, {}};
    request.expression = home / "nix" / variant.product / variant.branch / path;
    ORTFORGE_CHECK(write_file(request.expression, content));
    if (link) {
      const bool is_default = matrix->products.at(variant.product).default_branch == variant.branch;
      request.link =
          session.surroundings().directory / result_link_name(variant.name, variant.branch, is_default);
      ORTFORGE_CHECK(check_link_place(request.link));
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

// Of the first variant that failed: what it means for the caller.
int code_of(const NixReport& report) {
  if (report.interrupted) return exit_code(ErrorKind::interrupted);
  for (const NixResult& result : report.results) {
    if (!result.there) return exit_code(result.failure ? error_kind(*result.failure) : ErrorKind::failed);
  }
  return 0;
}

Result<int> print_forecast(Session& session, const Chosen& chosen, const std::vector<NixRequest>& requests,
                           const NixOptions& options, NixContext& context, NixReporter& reporter) {
  auto forecast = nix_forecast(requests, options, context);
  reporter.close();
  if (!forecast) return pass_on(forecast.error());
  session.out() << (session.options().json ? nix_plan_json(*forecast, chosen.skipped)
                                           : nix_plan_text(*forecast, chosen.skipped));
  for (const NixForecast::Item& item : forecast->items) {
    if (item.failure) return exit_code(error_kind(*item.failure));
  }
  return 0;
}

RunRecord new_run(Session& session, const HostInfo& host) {
  RunRecord run;
  run.command_line = session.surroundings().arguments;
  run.ortforge_version = ortforge_version();
  run.started_ms = now_in_ms();
  run.host = host_facts(host);
  if (const auto matrix = session.matrix_directory()) {
    if (const auto state = git_state(*matrix)) {
      run.matrix_revision = state->commit;
      run.matrix_clean = state->clean;
    }
  }
  return run;
}

}  // namespace

void add_nix_options(OptionSet& options, NixSelection& selection) {
  options.option("--backend", selection.backend, "cmake (default) or nix", "NAME");
  options.option("--builders", selection.builders, "Nix: machines to build on, as its option of that name",
                 "TEXT");
  options.option("--substituters", selection.substituters, "Nix: binary caches to take outputs from", "URLS");
  options.option("--cores", selection.cores, "Nix: cores for each derivation, 0 for all of them", "N");
  options.option("--nixpkgs", selection.nixpkgs, "Nix: a package set in place of the pinned one", "DIR");
  options.list("--nix-option", selection.settings, "Nix: any other of its settings", "NAME=VALUE");
}

Result<void> check_nix_options(const NixSelection& selection) {
  const std::vector<std::string> backends{"cmake", "nix"};
  const bool known = selection.backend.empty() ||
                     std::find(backends.begin(), backends.end(), selection.backend) != backends.end();
  if (!known) {
    return fail(ErrorKind::bad_input, "--backend {}: expected cmake or nix{}", selection.backend,
                did_you_mean(selection.backend, backends));
  }
  if (selection.cores < -1)
    return fail(ErrorKind::bad_input, "--cores {}: expected a number of cores", selection.cores);
  if (selection.backend == "nix") return {};
  const std::pair<const char*, bool> given[] = {{"--builders", !selection.builders.empty()},
                                                {"--substituters", !selection.substituters.empty()},
                                                {"--cores", selection.cores >= 0},
                                                {"--nixpkgs", !selection.nixpkgs.empty()},
                                                {"--nix-option", !selection.settings.empty()}};
  for (const auto& [name, is_given] : given) {
    if (is_given) return fail(ErrorKind::bad_input, "{} goes with --backend nix only", name);
  }
  return {};
}

Result<int> build_with_nix(Session& session, const SelectionOptions& selected, const NixSelection& nix,
                           const NixCallOptions& call) {
  ORTFORGE_TRY(const NixOptions options, nix_options(session, selected, nix, call));
  ORTFORGE_TRY(const HostInfo host, detect_host());
  const bool elsewhere =
      !nix.builders.empty() ||
      std::any_of(options.settings.begin(), options.settings.end(), [](const auto& setting) {
        return setting.first == "builders" || setting.first == "extra-platforms";
      });
  ORTFORGE_TRY(const Chosen chosen, choose(session, selected, host.platform, elsewhere));
  ORTFORGE_TRY(const fs::path home, session.home());

  const auto runner = make_process_runner(session.surroundings().interrupt);
  const StatusStyle style{session.surroundings().err_is_terminal && session.variable("TERM") != "dumb",
                          session.colours(), session.options().verbose, session.options().quiet,
                          session.surroundings().terminal_width};
  NixReporter reporter(session.err(), style, home.string());
  NixContext context;
  context.home = home;
  context.directory = session.surroundings().directory;
  context.environment = session.surroundings().variables;
  context.listener = &reporter;
  context.runner = runner.get();
  context.interrupt = session.surroundings().interrupt;
  context.now_ms = now_in_ms;
  ORTFORGE_TRY(context.version, nix_version(context));
  ORTFORGE_TRY(const std::vector<NixRequest> requests,
               write_requests(session, chosen.variants, home, call.link));
  if (call.dry_run) return print_forecast(session, chosen, requests, options, context, reporter);

  ORTFORGE_TRY(const std::unique_ptr<Database> database, Database::open(home / "state.db"));
  RunRecord run = new_run(session, host);
  ORTFORGE_TRY(run.id, database->begin_run(run));
  context.recorder = database.get();
  context.run_id = run.id;
  const auto report = nix_build(requests, options, context);
  reporter.close();
  if (!report) {
    const char* word = report.error().kind == ErrorKind::interrupted ? "interrupted" : "failed";
    static_cast<void>(database->finish_run(run.id, word, now_in_ms()));  // what went wrong first is told
    return pass_on(report.error());
  }
  const std::string result = report->interrupted ? "interrupted" : report->success() ? "succeeded" : "failed";
  ORTFORGE_CHECK(database->finish_run(run.id, result, now_in_ms()));
  const std::int64_t took = now_in_ms() - run.started_ms;
  if (session.options().json) {
    const std::vector<PlanRequest> none;
    BuildReport steps;
    steps.steps = report->steps;
    steps.interrupted = report->interrupted;
    const BuildSummary summary{
        run.id,         result, took,    nullptr, &steps, nix_outcomes(requests, *report),
        chosen.skipped, none,   nullptr, nullptr};
    session.out() << build_json(summary);
  } else {
    session.out() << nix_build_text(requests, *report, chosen.skipped, run.id, result, took);
  }
  if (report->interrupted)
    return fail(ErrorKind::interrupted, "interrupted; the same command goes on where it stopped");
  return code_of(*report);
}

}  // namespace ortforge

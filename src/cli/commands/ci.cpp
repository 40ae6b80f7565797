#include "ortforge/report/ci.hpp"

#include <ostream>

#include "ortforge/build/progress.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/filter_option.hpp"
#include "ortforge/plan/shards.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge {
namespace {

// What the systems take: jobs of one matrix.
struct System {
  const char* name;
  const char* title;
  long long most_jobs;
};
constexpr System kSystems[] = {{"github", "GitHub", 256}, {"gitlab", "GitLab", 200}};

class CiCommand : public CliCommand {
 public:
  std::string name() const override { return "ci"; }
  std::string summary() const override { return "Print the job matrix of a branch for GitHub or GitLab"; }
  void add_options(OptionSet& options) override {
    options.positional("SYSTEM", system_, "github or gitlab", false);
    options.positional("FILTER", filter_, "Such as 'sm>=90 && isa=~avx512'", false);
    options.option("--shards", shards_, "Jobs at most (default: 4)", "N");
    options.flag("--workflow", workflow_, "Print a workflow file instead, to begin with");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const System* system, find_system());
    if (shards_ < 1 || shards_ > system->most_jobs) {
      return fail(ErrorKind::bad_input,
                  "--shards {}: expected 1 to {}, the jobs that a matrix of {} may have", shards_,
                  system->most_jobs, system->title);
    }
    ORTFORGE_TRY(const ShardNames shards, shard_names(session));
    const bool github = system_ == "github";
    const std::string matrix = github ? github_matrix(shards) : gitlab_matrix(shards);
    if (!workflow_) {
      session.out() << matrix << '\n';
      return 0;
    }
    if (shards.empty()) return fail(ErrorKind::bad_input, "a workflow needs a variant to build");
    ORTFORGE_TRY(const auto folder, session.templates_directory());
    ORTFORGE_TRY(const TemplateFolder templates, TemplateFolder::load(folder));
    TemplateValues values;
    values.texts = {{"command", command(session)}};
    if (github) {
      values.texts.insert({{"open", "{{"}, {"close", "}}"}});
    } else {
      values.texts["matrix"] = matrix;
    }
    ORTFORGE_TRY(const std::string text, templates.render("ci/" + system_ + ".yml", values));
    session.out() << text;
    return 0;
  }

 private:
  Result<const System*> find_system() const {
    if (system_.empty()) return fail(ErrorKind::bad_input, "name a system: github or gitlab");
    for (const System& system : kSystems) {
      if (system_ == system.name) return &system;
    }
    return fail(ErrorKind::bad_input, "unknown system '{}'{}; expected github or gitlab", system_,
                did_you_mean(system_, {"github", "gitlab"}));
  }

  // The variants that machines like this one can build, divided by what their steps took or are expected to.
  Result<ShardNames> shard_names(Session& session) const {
    SelectionOptions selection;
    selection.all = true;
    selection.filter = filter_;
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection));
    if (setup.variants().empty() && setup.skipped().empty()) say_nothing_passes(session);
    if (!session.options().quiet) session.err() << skipped_text(setup.skipped(), session.options().verbose);
    ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
    ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
    ORTFORGE_TRY(const auto recorder, setup.history());
    std::vector<std::int64_t> costs;
    for (const Step& step : plan.steps) {
      ORTFORGE_TRY(const ExpectedCost cost, expected_cost(step, *recorder));
      costs.push_back(cost.cpu_ms);
    }
    ShardNames names;
    for (const Shard& shard : make_shards(plan, costs, static_cast<std::size_t>(shards_))) {
      std::vector<std::string>& list = names.emplace_back();
      for (const std::size_t result : shard.results) {
        const Variant& variant = setup.variants()[result];
        list.push_back(fmt::format("{}/{}:{}", variant.product, variant.branch, variant.name));
      }
    }
    return names;
  }

  // This call without --workflow, as a shell takes it.
  std::string command(const Session& session) const {
    std::vector<std::string> words{"ortforge", "ci", system_, "--shards", std::to_string(shards_)};
    const GlobalOptions& options = session.options();
    for (const auto& [option, value] : {std::pair("--product", options.product),
                                        {"--branch", options.branch},
                                        {"--cuda", options.cuda},
                                        {"--python", options.python}}) {
      if (!value.empty()) words.insert(words.end(), {option, value});
    }
    if (!filter_.empty()) words.push_back(filter_);
    for (std::string& word : words) word = shell_word(word);
    return join(words, " ");
  }

  std::string system_;
  std::string filter_;
  long long shards_ = 4;
  bool workflow_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_ci_command() {
  return std::make_unique<CiCommand>();
}

}  // namespace ortforge

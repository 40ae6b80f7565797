#include "ortforge/report/runs.hpp"

#include <charconv>
#include <ostream>

#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/record/database.hpp"

namespace ortforge {
namespace {

class RunsCommand : public CliCommand {
 public:
  std::string name() const override { return "runs"; }
  std::string summary() const override { return "Show what was built, when and how it ended"; }
  void add_options(OptionSet& options) override {
    options.positional("RUN", run_, "Number of one run, for its steps", false);
    options.option("-n,--limit", limit_, "How many runs (default: 20)", "N");
  }

  Result<int> run(Session& session) override {
    if (limit_ < 1) return fail(ErrorKind::bad_input, "--limit {}: expected 1 or more", limit_);
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    ORTFORGE_TRY(const auto database, Database::open_existing(home / "state.db"));
    if (!run_.empty()) return show_one(session, database.get());
    std::vector<RunRecord> runs;
    if (database) {
      ORTFORGE_TRY(runs, database->runs(static_cast<std::size_t>(limit_)));
    }
    session.out() << (session.options().json ? runs_json(runs) : runs_text(runs, session.width()));
    return 0;
  }

 private:
  Result<int> show_one(Session& session, Database* database) const {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(run_.data(), run_.data() + run_.size(), id);
    if (error != std::errc() || end != run_.data() + run_.size()) {
      return fail(ErrorKind::bad_input, "runs {}: expected the number of a run, as 'ortforge runs' shows it",
                  run_);
    }
    std::optional<RunRecord> run;
    if (database != nullptr) {
      ORTFORGE_TRY(run, database->run(id));
    }
    if (!run) return fail(ErrorKind::bad_input, "there is no run {}; see 'ortforge runs'", id);
    ORTFORGE_TRY(const auto steps, database->steps_of_run(id));
    session.out() << (session.options().json ? run_json(*run, steps)
                                             : run_text(*run, steps, session.width()));
    return 0;
  }

  std::string run_;
  long long limit_ = 20;
};

}  // namespace

std::unique_ptr<CliCommand> make_runs_command() {
  return std::make_unique<RunsCommand>();
}

}  // namespace ortforge

#include <ostream>

#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/cli/application.hpp"
#include "ortforge/cli/build_setup.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/source/fetch_report.hpp"

namespace ortforge {
namespace {

class FetchCommand : public CliCommand {
 public:
  std::string name() const override { return "fetch"; }
  std::string summary() const override {
    return "Fetch all that variants need, so that they build without a network";
  }
  void add_options(OptionSet& options) override { add_selection_options(options, selection_); }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
    std::vector<Source> sources;
    for (const Source* source : setup.workshop().sources(requests)) sources.push_back(*source);
    ORTFORGE_TRY(auto reports, fetch_sources(sources, setup.workshop().source_context()));
    if (const auto& toolkit = setup.workshop().installed_toolkit(requests)) {
      ORTFORGE_TRY(reports.emplace_back(), report_installed(*toolkit, setup.workshop().source_context()));
    }
    const auto environments = setup.workshop().realize_environments(requests);
    session.out() << (session.options().json ? json(reports) : table(reports, session.width()));
    const Error* worst = worst_of(reports);
    if (environments) return worst != nullptr ? exit_code(worst->kind) : 0;
    Error error = environments.error();
    if (worst != nullptr && exit_code(worst->kind) > exit_code(error.kind)) error.kind = worst->kind;
    return pass_on(std::move(error));
  }

 private:
  // The error with the greatest exit code; null: there is none.
  static const Error* worst_of(const std::vector<FetchReport>& reports) {
    const Error* worst = nullptr;
    for (const FetchReport& report : reports) {
      if (!report.error) continue;
      if (worst == nullptr || exit_code(report.error->kind) > exit_code(worst->kind)) worst = &*report.error;
    }
    return worst;
  }

  static std::string json(const std::vector<FetchReport>& reports) {
    Json list = Json::array();
    for (const FetchReport& report : reports) list.push_back(to_json(report));
    const Json json{{"schema", "fetch/1"}, {"sources", std::move(list)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  static std::string table(const std::vector<FetchReport>& reports, std::size_t width) {
    std::vector<std::vector<std::string>> rows;
    std::string errors;
    for (const FetchReport& report : reports) {
      const std::string state = report.error ? "failed" : report.cached ? "was here" : "fetched";
      rows.push_back({report.name, report.version, state, format_bytes(report.bytes), report.origin});
      if (report.error) errors += "error: " + report.error->message + "\n";
    }
    return format_table(
               {{"SOURCE"}, {"VERSION", false, true}, {"STATE"}, {"SIZE", true}, {"ORIGIN", false, true}},
               rows, width) +
           errors;
  }

  SelectionOptions selection_;
};

}  // namespace

std::unique_ptr<CliCommand> make_fetch_command() {
  return std::make_unique<FetchCommand>();
}

}  // namespace ortforge

#include "ortforge/matrix/check.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {
namespace {

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

std::string findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"file", finding.file},
                    {"path", finding.path},
                    {"message", finding.message},
                    {"severity", word(finding.severity)}});
  }
  const Json json{{"schema", "check/1"}, {"findings", std::move(list)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

class CheckCommand : public CliCommand {
 public:
  std::string name() const override { return "check"; }
  std::string summary() const override {
    return "Check the matrix: schema, meaning, names, hashes; every finding at once";
  }
  void add_options(OptionSet&) override {}

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const std::filesystem::path directory, session.matrix_directory());
    ORTFORGE_TRY(const std::vector<Finding> findings, check_matrix(directory));
    const auto errors = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.severity == Severity::error;
    });
    if (session.options().json) {
      session.out() << findings_json(findings);
    } else {
      print(session, directory, findings);
      if (errors > 0) {
        session.out() << counted(static_cast<std::size_t>(errors), "error") << '\n';
      } else if (!session.options().quiet) {
        session.out() << "the matrix is sound\n";
      }
    }
    return errors == 0 ? 0 : 1;
  }

 private:
  // Notes with --verbose only; files as "matrix/onnxruntime.json".
  static void print(Session& session, const std::filesystem::path& directory,
                    const std::vector<Finding>& findings) {
    const std::filesystem::path above = (directory / "").parent_path().parent_path();
    for (Finding finding : findings) {
      if (finding.severity == Severity::note && !session.options().verbose) continue;
      const auto relative = std::filesystem::path(finding.file).lexically_relative(above);
      if (!relative.empty()) finding.file = relative.generic_string();
      session.out() << word(finding.severity) << ": " << describe(finding) << '\n';
    }
  }
};

}  // namespace

std::unique_ptr<CliCommand> make_check_command() {
  return std::make_unique<CheckCommand>();
}

}  // namespace ortforge

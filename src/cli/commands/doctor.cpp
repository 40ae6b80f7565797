#include "ortforge/environment/doctor.hpp"

#include <algorithm>
#include <ostream>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/table.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/cli/variant_rows.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

const char* word(DoctorLevel level) {
  switch (level) {
    case DoctorLevel::good:
      return "ok";
    case DoctorLevel::note:
      return "note";
    case DoctorLevel::problem:
      break;
  }
  return "problem";
}

class DoctorCommand : public CliCommand {
 public:
  std::string name() const override { return "doctor"; }
  std::string summary() const override { return "Say what this machine lacks, and what it can build"; }
  void add_options(OptionSet& options) override {
    options.flag("--mirror", mirror_, "Also compare environments with what their mirror offers now");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    std::vector<EnvironmentSpec> specs;
    for (const auto& [name, spec] : matrix->environments) specs.push_back(spec);
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    const EnvironmentContext context{
        home, session.surroundings().variables, session.surroundings().interrupt, {}};
    ORTFORGE_TRY(const auto findings, diagnose_environments(specs, context, mirror_));
    ORTFORGE_TRY(const HostInfo host, detect_host());
    ORTFORGE_TRY(const auto rows, variant_rows(session, all_variants(*matrix)));
    const auto buildable = std::count_if(rows.begin(), rows.end(),
                                         [](const VariantRow& row) { return row.here.value_or(false); });
    const std::string isa = best_isa(host, matrix->hardware).value_or("none of the matrix");
    const bool problem = std::any_of(findings.begin(), findings.end(), [](const DoctorFinding& finding) {
      return finding.level == DoctorLevel::problem;
    });
    if (session.options().json) {
      print_json(session, findings, host, isa, buildable, rows.size());
    } else {
      for (const DoctorFinding& finding : findings) {
        session.out() << fmt::format("{:<8}{}: {}\n", word(finding.level), finding.subject, finding.message);
        if (!finding.remedy.empty()) session.out() << "        remedy: " << finding.remedy << '\n';
      }
      session.out() << fmt::format(
          "\n{}, {} cores, best instruction set: {}\n{} of {} variants can be built here\n",
          host.cpu_model.empty() ? host.machine : host.cpu_model, host.cores, isa, buildable, rows.size());
    }
    return problem ? exit_for_problem : 0;
  }

 private:
  static constexpr int exit_for_problem = 3;

  static void print_json(Session& session, const std::vector<DoctorFinding>& findings, const HostInfo& host,
                         const std::string& isa, std::ptrdiff_t buildable, std::size_t variants) {
    Json list = Json::array();
    for (const DoctorFinding& finding : findings) {
      list.push_back({{"level", word(finding.level)},
                      {"subject", finding.subject},
                      {"message", finding.message},
                      {"remedy", finding.remedy}});
    }
    Json json{{"schema", "doctor/1"}, {"findings", std::move(list)}};
    json["host"] = {{"platform", host.platform},
                    {"cpu", host.cpu_model},
                    {"cores", host.cores},
                    {"memory_bytes", host.memory_bytes},
                    {"best_isa", isa}};
    json["buildable"] = buildable;
    json["variants"] = variants;
    session.out() << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  bool mirror_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_doctor_command() {
  return std::make_unique<DoctorCommand>();
}

}  // namespace ortforge

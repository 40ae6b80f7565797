// What a build needs from outside, found or made once: recipes, environments, sources, toolkits.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ortforge/base/digest_memo.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/environment/environment.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/plan/plan.hpp"
#include "ortforge/source/installed_toolkit.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {

struct WorkshopOptions {
  std::filesystem::path home;
  std::filesystem::path templates;
  std::map<std::string, std::string> variables;            // the user's environment
  std::map<std::string, std::filesystem::path> overrides;  // --source NAME=DIR
  std::set<std::string> outputs{"lib", "wheel"};
  std::string environment;                  // instead of the branch's own; empty: the branch's
  std::optional<InstalledToolkit> toolkit;  // instead of the lines' wheels
  bool offline = false;
  const Interrupt* interrupt = nullptr;
  std::function<void(std::string_view)> note;  // one line for people
  FetchListener* downloads = nullptr;
};

class Workshop {
 public:
  Workshop(const Matrix& matrix, WorkshopOptions options) : matrix_(matrix), options_(std::move(options)) {}

  const WorkshopOptions& options() const { return options_; }

  // Renders the CMake recipe of every variant, in order, and behind them those of the variants they are built
  // on (PlanRequest::wanted). Errors: as render_cmake_recipe.
  Result<std::vector<PlanRequest>> requests(const std::vector<Variant>& variants) const;

  // The plan with the digests known now; environments that exist are looked up, none is made. Error:
  // interrupted.
  Result<Plan> plan(const std::vector<PlanRequest>& requests);

  // Finds or makes the environments the requests name. Errors: missing, interrupted.
  Result<void> realize_environments(const std::vector<PlanRequest>& requests);

  // Fetches the sources and puts together the toolkits that steps which have to run read. Errors: as
  // fetch_source.
  Result<void> fetch(const Plan& plan, const std::vector<PlanRequest>& requests, const Store& store);
  // The same for one step of the plan, whether it has to run or not.
  Result<void> fetch_for(const Step& step, const std::vector<PlanRequest>& requests);

  // The first of a step's sources that is a folder used in place (--source, or shipped with the matrix) and
  // is no longer what the plan's key says, or "toolkit" for an installed one; empty when there is none.
  // Errors: as source_digest, installed_digest.
  Result<std::string> changed_source(const Step& step) const;

  // Every source the requests can need, the wheels of toolkits that are made of some included, each source_id
  // once.
  std::vector<const Source*> sources(const std::vector<PlanRequest>& requests) const;

  // The installed toolkit, where one is named and a step of the recipe, or of the requests, reads a toolkit.
  std::optional<InstalledToolkit> installed_toolkit_of(const Recipe& recipe) const;
  std::optional<InstalledToolkit> installed_toolkit(const std::vector<PlanRequest>& requests) const;

  std::map<std::string, const Environment*> environments() const;
  // Folders of fetched sources and toolkits by digest (hex).
  const std::map<std::string, std::filesystem::path>& trees() const { return trees_; }

  // What sources are looked for with; digests of folders and of an installed toolkit are remembered in this
  // workshop.
  SourceContext source_context() const;
  EnvironmentContext environment_context() const;

 private:
  Result<PlanRequest> make_request(const Variant& variant, const TemplateFolder& templates) const;
  Result<const EnvironmentSpec*> spec(const std::string& name) const;
  Result<void> fetch_source_once(const Source& source);
  Result<void> provide_toolkit(const Line& line);

  const Matrix& matrix_;
  WorkshopOptions options_;
  std::map<std::string, std::unique_ptr<Environment>> environments_;
  std::map<std::string, std::filesystem::path> trees_;
  std::unique_ptr<DigestMemo> digests_ = std::make_unique<DigestMemo>();
  std::unique_ptr<DigestMemo> installed_ = std::make_unique<DigestMemo>();
};

}  // namespace ortforge

#include "ortforge/cli/run_facts.hpp"

#include <algorithm>
#include <set>

#include "ortforge/record/known_versions.hpp"

namespace ortforge {

std::map<std::string, std::string> host_facts(const HostInfo& host) {
  return {{"cpu", host.cpu_model},
          {"cores", std::to_string(host.cores)},
          {"memory_bytes", std::to_string(host.memory_bytes)},
          {"kernel", host.kernel},
          {"os", host.os},
          {"platform", host.platform}};
}

Result<std::map<std::string, std::map<std::string, std::string>>> versions_of(
    const Plan& plan, const Workshop& workshop, const std::filesystem::path& home) {
  std::map<std::string, std::set<std::string>> wanted;
  for (const Step& step : plan.steps)
    wanted[step.environment].insert(step.recipe.tools.begin(), step.recipe.tools.end());
  std::map<std::string, std::map<std::string, std::string>> versions;
  for (const auto& [name, programs] : wanted) {
    const Environment* environment = workshop.environments().at(name);
    const RunTool run = [&](const std::vector<std::string>& argv) {
      return run_captured(environment->wrap({argv, {}, {}}, home / "work", {}), Milliseconds{20000},
                          workshop.options().interrupt);
    };
    // The digest of a root covers everything in it, that of the host the programs among its ingredients.
    const auto covered = [&](const std::string& program) {
      const auto& parts = environment->ingredients();
      return environment->root() != "/" ||
             std::any_of(parts.begin(), parts.end(),
                         [&](const Ingredient& part) { return part.name == program; });
    };
    ORTFORGE_TRY(versions[name],
                 known_tool_versions(home / "environments" / (name + ".tools.json"), environment->digest(),
                                     {programs.begin(), programs.end()}, covered, run));
  }
  return versions;
}

}  // namespace ortforge

#include "ortforge/build/needed.hpp"

#include <algorithm>

#include "disk_room.hpp"

#include "ortforge/build/executor.hpp"
#include "ortforge/source/installed_toolkit.hpp"

namespace ortforge {

Result<std::vector<Need>> needed_steps(const Plan& plan, const Store& store, const AskRemote& remote) {
  std::vector<bool> wanted(plan.steps.size(), false);
  for (const PlannedResult& result : plan.results) {
    wanted[result.step] = true;
    if (result.test) wanted[*result.test] = true;
  }
  std::vector<Need> needs(plan.steps.size(), Need::none);
  // Needs stand before the steps that have them, so one pass from the end sees every reader first.
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    if (!wanted[i]) continue;
    const Step& step = plan.steps[i];
    needs[i] = Need::run;
    if (!step.key.empty()) {
      ORTFORGE_TRY(const auto entry, store.find(step.key, step.recipe.scope));
      if (entry) needs[i] = Need::stored;
    }
    if (needs[i] == Need::run && remote && !step.key.empty()) {
      ORTFORGE_TRY(const bool there, remote(step));
      if (there) needs[i] = Need::remote;
    }
    if (needs[i] != Need::run) continue;
    for (const std::size_t need : step.needs) wanted[need] = true;
  }
  return needs;
}

Result<std::size_t> next_step(const Plan& plan, const Store& store, const AskRemote& remote) {
  ORTFORGE_TRY(const auto needs, needed_steps(plan, store, remote));
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& own = plan.steps[i].needs;
    const bool ready = std::all_of(own.begin(), own.end(), [&](std::size_t need) {
      return needs[need] == Need::stored || needs[need] == Need::remote;
    });
    if (needs[i] == Need::run && ready) return i;
  }
  return plan.steps.size() - 1;
}

std::vector<Mount> toolkit_mounts(const std::filesystem::path& prefix) {
  std::vector<Mount> mounts{{prefix, "toolkit", false}};
  for (const std::filesystem::path& folder : linked_folders(prefix))
    mounts.push_back({folder, fmt::format("{}/{}", kLinkedFolders, mounts.size() - 1), false});
  return mounts;
}

Result<std::vector<Mount>> step_mounts(const Plan& plan, std::size_t index, const Store& store,
                                       const BuildContext& context) {
  const Step& step = plan.steps[index];
  std::vector<Mount> mounts;
  for (std::size_t i = 0; i < step.needs.size(); ++i) {
    const Step& other = plan.steps[step.needs[i]];
    ORTFORGE_TRY(const auto entry, store.find(other.key, other.recipe.scope));
    if (!entry)
      return fail(ErrorKind::internal, "{}: the output of {} is not in the store", step.recipe.scope,
                  other.recipe.scope);
    const bool foreign = i < step.recipe.needs.size() && foreign_need(step.recipe.needs[i]);
    mounts.push_back({entry->path, foreign ? "out/" + step.recipe.needs[i] : other.recipe.output, false});
  }
  const auto tree_of = [&](const std::string& part) -> Result<std::filesystem::path> {
    const auto digest = step.parts.find(part);
    const auto tree = digest == step.parts.end() ? context.trees.end() : context.trees.find(digest->second);
    if (tree != context.trees.end()) return tree->second;
    return fail(ErrorKind::internal, "{}: {} has not been fetched", step.recipe.scope, part);
  };
  for (const std::string& source : step.recipe.sources) {
    ORTFORGE_TRY(const std::filesystem::path tree, tree_of("source/" + source));
    mounts.push_back({tree, "sources/" + source, false});
  }
  if (!step.recipe.toolkit) return mounts;
  ORTFORGE_TRY(const std::filesystem::path prefix, tree_of("toolkit"));
  for (Mount& mount : toolkit_mounts(prefix)) mounts.push_back(std::move(mount));
  return mounts;
}

Result<void> check_disk(const Plan& plan, const Store& store, const BuildOptions& options,
                        const std::filesystem::path& home) {
  ORTFORGE_TRY(const auto needs, needed_steps(plan, store));
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (needs[i] == Need::run) sizes.push_back(plan.steps[i].recipe.disk_bytes);
  }
  std::sort(sizes.rbegin(), sizes.rend());
  std::uint64_t needed = 0;
  for (std::size_t i = 0; i < sizes.size() && i < std::max<std::size_t>(options.jobs, 1); ++i)
    needed += sizes[i];
  return build_detail::check_room(home, "the build", needed);
}

}  // namespace ortforge

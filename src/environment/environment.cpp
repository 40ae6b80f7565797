#include "ortforge/environment/environment.hpp"

#include <chrono>
#include <thread>

#include "debian_root.hpp"
#include "host_facts.hpp"
#include "realized.hpp"

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

using Found = std::unique_ptr<Environment>;

Result<Found> host_environment(const EnvironmentSpec& spec, const EnvironmentContext& context) {
  ORTFORGE_TRY(auto sandbox, Sandbox::locate("/", context));
  ORTFORGE_TRY(auto facts, host_facts(spec, context));
  return std::make_unique<RealizedEnvironment>(spec.name, "/", facts.digest, std::move(facts.ingredients),
                                               std::move(sandbox));
}

Result<Found> debian_environment(const FoundRoot& found, const EnvironmentContext& context) {
  ORTFORGE_TRY(auto sandbox, Sandbox::locate(found.root, context));
  std::vector<Ingredient> ingredients;
  for (const auto& package : found.manifest.packages) ingredients.push_back({package.name, package.version});
  return std::make_unique<RealizedEnvironment>(found.manifest.request.name, found.root, found.manifest.digest,
                                               std::move(ingredients), std::move(sandbox));
}

Result<FileLock> wait_for_lock(const std::filesystem::path& file, const EnvironmentSpec& spec,
                               const EnvironmentContext& context) {
  for (bool told = false;; told = true) {
    ORTFORGE_TRY(auto lock, FileLock::try_acquire(file));
    if (lock) return *std::move(lock);
    if (!told && context.progress)
      context.progress(fmt::format("waiting for another process that makes environment {}", spec.name));
    if (context.interrupt != nullptr && context.interrupt->requested())
      return fail(ErrorKind::interrupted, "interrupted while waiting for environment {}", spec.name);
    std::this_thread::sleep_for(Milliseconds{200});
  }
}

Result<void> check_kind(const EnvironmentSpec& spec) {
  if (spec.kind == "host" || spec.kind == "debian") return {};
  return fail(ErrorKind::bad_input, "environment {}: kind '{}' is unknown; expected host or debian",
              spec.name, spec.kind);
}

Result<Found> make(const EnvironmentSpec& spec, const EnvironmentContext& context) {
  const auto folder = environments_folder(context);
  ORTFORGE_CHECK(make_directories(folder));
  ORTFORGE_TRY(const auto lock, wait_for_lock(folder / (spec.name + ".lock"), spec, context));
  // While this process waited, another one may have made it.
  if (const auto found = newest_root(folder, root_request(spec))) return debian_environment(*found, context);
  ORTFORGE_CHECK(check_sandbox(context));
  ORTFORGE_TRY(const auto made, make_debian_root(spec, folder, context));
  return debian_environment(made, context);
}

}  // namespace

Result<Found> find_environment(const EnvironmentSpec& spec, const EnvironmentContext& context) {
  ORTFORGE_CHECK(check_kind(spec));
  if (spec.kind == "host") return host_environment(spec, context);
  const auto found = newest_root(environments_folder(context), root_request(spec));
  if (!found) return Found();
  return debian_environment(*found, context);
}

Result<Found> realize_environment(const EnvironmentSpec& spec, const EnvironmentContext& context) {
  ORTFORGE_TRY(auto found, find_environment(spec, context));
  if (found) return found;
  return make(spec, context);
}

}  // namespace ortforge

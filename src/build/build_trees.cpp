#include "build_trees.hpp"

#include <system_error>

#include "ortforge/base/file.hpp"

namespace ortforge::build_detail {
namespace {

namespace fs = std::filesystem;

Result<void> copy_times(const fs::path& source, const fs::path& target) {
  std::error_code error;
  for (fs::recursive_directory_iterator item(source, error), end; !error && item != end;
       item.increment(error)) {
    if (!item->is_regular_file() || item->is_symlink()) continue;
    const auto time = item->last_write_time(error);
    if (!error) fs::last_write_time(target / item->path().lexically_relative(source), time, error);
    if (error) break;
  }
  if (error)
    return fail(ErrorKind::missing, "{}: its times cannot be kept: {}", target.string(), error.message());
  return {};
}

fs::path tree_of(const Step& step, const WorkDirectory& work) {
  return work.path() / "build" / step.recipe.name;
}

Result<void> copy_tree_to(const fs::path& kept, const fs::path& target) {
  ORTFORGE_CHECK(copy_tree(kept, target));
  ORTFORGE_CHECK(copy_times(kept, target));
  std::error_code error;
  if (!fs::exists(target / ".ninja_log", error)) return {};
  ORTFORGE_TRY(const std::string log, read_file(target / ".ninja_log"));
  return write_file(target / kLentLog, log);
}

}  // namespace

Result<void> BuildTrees::lend(std::size_t index, const WorkDirectory& work) const {
  const Step& step = plan_.steps[index];
  const Step& base = step.continues ? plan_.steps[*step.continues] : step;
  const fs::path kept = root_ / Store::entry_name(base.key, base.recipe.scope);
  const fs::path target = tree_of(base, work);
  std::error_code error;
  if (fs::exists(target, error) || !fs::is_directory(kept, error)) return {};
  const fs::path unfinished = target.string() + ".partial";
  ORTFORGE_CHECK(remove_tree(unfinished));
  auto copied = copy_tree_to(kept, unfinished);
  if (copied) copied = rename_path(unfinished, target);
  if (!copied) ORTFORGE_CHECK(remove_tree(unfinished));
  return copied;
}

// Whether a step has yet to go on in its tree.
Result<bool> BuildTrees::is_continued(std::size_t index) const {
  for (const Step& step : plan_.steps) {
    if (step.continues != index) continue;
    ORTFORGE_TRY(const auto entry, store_.find(step.key, step.recipe.scope));
    if (!entry) return true;
  }
  return false;
}

Result<void> BuildTrees::keep(std::size_t index, const WorkDirectory& work) const {
  const Step& step = plan_.steps[index];
  const fs::path kept = root_ / Store::entry_name(step.key, step.recipe.scope);
  const fs::path tree = tree_of(step, work);
  ORTFORGE_TRY(const bool continued, is_continued(index));
  std::error_code error;
  if (!continued || !fs::is_directory(tree, error) || fs::exists(kept, error)) return {};
  ORTFORGE_CHECK(make_directories(root_));
  return rename_path(tree, kept);
}

}  // namespace ortforge::build_detail

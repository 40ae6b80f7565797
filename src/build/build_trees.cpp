#include "build_trees.hpp"

#include <system_error>

#include "ortforge/base/file.hpp"
#include "ortforge/build/store.hpp"

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

}  // namespace

Result<void> BuildTrees::keep(const Step& step, const fs::path& build) const {
  const fs::path place = root_ / Store::entry_name(step.key, step.recipe.scope);
  std::error_code error;
  if (!fs::is_directory(build, error) || fs::exists(place, error)) return {};
  ORTFORGE_CHECK(make_directories(root_));
  return rename_path(build, place);
}

Result<bool> BuildTrees::lend(const Step& step, const fs::path& build) const {
  const fs::path place = root_ / Store::entry_name(step.key, step.recipe.scope);
  std::error_code error;
  if (!fs::is_directory(place, error)) return false;
  const fs::path unfinished = partial(build);
  ORTFORGE_CHECK(remove_tree(unfinished));
  ORTFORGE_CHECK(make_directories(build.parent_path()));
  ORTFORGE_CHECK(copy_tree(place, unfinished));
  ORTFORGE_CHECK(copy_times(place, unfinished));
  if (fs::exists(unfinished / ".ninja_log", error)) {
    ORTFORGE_TRY(const std::string log, read_file(unfinished / ".ninja_log"));
    ORTFORGE_CHECK(write_file(unfinished / kLentLog, log));
  }
  ORTFORGE_CHECK(rename_path(unfinished, build));
  return true;
}

}  // namespace ortforge::build_detail

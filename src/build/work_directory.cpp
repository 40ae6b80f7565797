#include "ortforge/build/work_directory.hpp"

#include <system_error>

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// Makes the folder `target` hold exactly `files`; a file that is already as it should be is not touched.
Result<void> mirror_files(const std::map<std::string, std::string>& files, const fs::path& target) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (fs::recursive_directory_iterator item(target, error), end; !error && item != end;
       item.increment(error)) {
    if (!item->is_directory() && !files.contains(fs::relative(item->path(), target).generic_string())) {
      stale.push_back(item->path());
    }
  }
  for (const fs::path& path : stale) fs::remove(path, error);
  for (const auto& [name, content] : files) {
    const auto present = read_file(target / name);
    if (present && *present == content) continue;
    ORTFORGE_CHECK(write_file(target / name, content));
  }
  return {};
}

}  // namespace

Result<std::optional<WorkDirectory>> WorkDirectory::acquire(const fs::path& home, const std::string& name) {
  const fs::path path = home / "work" / name;
  ORTFORGE_TRY(auto lock, FileLock::try_acquire(home / "work" / (name + ".lock")));
  if (!lock) return std::optional<WorkDirectory>();
  std::error_code error;
  const bool resumed = fs::is_directory(path / "build", error);
  ORTFORGE_CHECK(make_directories(path));
  return std::optional<WorkDirectory>(WorkDirectory(path, std::move(*lock), resumed));
}

Result<void> WorkDirectory::lay_out(const RecipeStep& step, const std::vector<Mount>& mounts) const {
  ORTFORGE_CHECK(make_directories(path_ / "recipe"));
  ORTFORGE_CHECK(mirror_files(step.files, path_ / "recipe"));
  ORTFORGE_CHECK(remove_tree(path_ / step.output));
  ORTFORGE_CHECK(make_directories(path_ / step.output));
  for (const char* folder : {"home", "build"}) ORTFORGE_CHECK(make_directories(path_ / folder));
  for (const Mount& mount : mounts) ORTFORGE_CHECK(make_directories(path_ / mount.target));
  return {};
}

Result<void> WorkDirectory::remove() const {
  ORTFORGE_CHECK(remove_tree(path_));
  return remove_tree(path_.string() + ".lock");
}

}  // namespace ortforge

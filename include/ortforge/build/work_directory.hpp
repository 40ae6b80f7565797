// The work directory of one step: owned by one process, kept when that process is gone, so that work goes on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/file.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/environment/environment.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge {

class WorkDirectory {
 public:
  // Takes the work directory of a key, or nothing while another process owns it. Error: missing (not
  // writable).
  static Result<std::optional<WorkDirectory>> acquire(const std::filesystem::path& home,
                                                      const std::string& name);

  const std::filesystem::path& path() const { return path_; }
  // Whether an earlier attempt left something that can be continued.
  bool resumed() const { return resumed_; }
  // What must be inherited by the processes that work in it, so that nobody takes it over while one is left.
  int lock_descriptor() const { return lock_.descriptor(); }

  // Writes the step's recipe files (only those that changed, so that build systems see no change where there
  // is none), makes the mount points and empties the output folder.
  Result<void> lay_out(const RecipeStep& step, const std::vector<Mount>& mounts) const;
  // Removes it; the lock goes with the object.
  Result<void> remove() const;

 private:
  WorkDirectory(std::filesystem::path path, FileLock lock, bool resumed)
      : path_(std::move(path)), lock_(std::move(lock)), resumed_(resumed) {}

  std::filesystem::path path_;
  FileLock lock_;
  bool resumed_ = false;
};

}  // namespace ortforge

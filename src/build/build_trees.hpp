// Build trees of finished steps that other steps go on in, beside the store. A cache: a step that does not
// find the tree makes it anew.
#pragma once

#include <filesystem>

#include "ortforge/base/result.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/build/work_directory.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge::build_detail {

class BuildTrees {
 public:
  BuildTrees(const Plan& plan, const std::filesystem::path& home)
      : plan_(plan), store_(home), root_(home / "trees") {}

  // Gives a step that begins the tree it goes on in: a copy of the one of the step it continues, with the
  // times of the files (build systems go by them), or its own, when that was kept and the output was lost.
  // Does nothing when no tree is kept, or the work directory has one of an earlier attempt. Error: missing;
  // nothing is left half copied then.
  Result<void> lend(std::size_t step, const WorkDirectory& work) const;

  // Takes over the tree of a step that ended, by one rename, when a step of the plan continues it and is not
  // in the store. When another process was first, its tree stays. Errors: missing; as Store::find.
  Result<void> keep(std::size_t step, const WorkDirectory& work) const;

 private:
  Result<bool> is_continued(std::size_t step) const;

  const Plan& plan_;
  Store store_;
  std::filesystem::path root_;
};

// Below a lent tree: Ninja's log as it was when it was lent, so that what the step itself built can be told.
inline constexpr const char* kLentLog = ".ortforge_lent_ninja_log";

}  // namespace ortforge::build_detail

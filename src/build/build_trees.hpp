// Build trees of finished steps that other steps go on in, beside the store. A cache: a step that does not
// find the tree makes it anew.
#pragma once

#include <filesystem>

#include "ortforge/base/result.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge::build_detail {

class BuildTrees {
 public:
  explicit BuildTrees(const std::filesystem::path& home) : root_(home / "trees") {}

  // Takes over the tree `build` of a finished step, by one rename. When another process was first, its tree
  // stays. Error: missing.
  Result<void> keep(const Step& step, const std::filesystem::path& build) const;

  // Where lend() puts what is not whole yet.
  static std::filesystem::path partial(const std::filesystem::path& build) {
    return build.string() + ".partial";
  }

  // Copies the tree of `step` to `build`, which does not exist yet, with the times of its files: build
  // systems go by them. False when none is kept. What another process leaves half copied is no tree. Error:
  // missing.
  Result<bool> lend(const Step& step, const std::filesystem::path& build) const;

 private:
  std::filesystem::path root_;
};

// Below a lent tree: Ninja's log as it was when it was lent, so that what the step itself built can be told.
inline constexpr const char* kLentLog = ".ortforge_lent_ninja_log";

}  // namespace ortforge::build_detail

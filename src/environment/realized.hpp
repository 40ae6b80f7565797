// The one implementation of Environment: a root that can be entered, with its digest and ingredients.
#pragma once

#include "sandbox.hpp"

#include "ortforge/environment/environment.hpp"

namespace ortforge {

class RealizedEnvironment : public Environment {
 public:
  RealizedEnvironment(std::string name, std::filesystem::path root, Digest digest,
                      std::vector<Ingredient> ingredients, Sandbox sandbox)
      : name_(std::move(name)),
        root_(std::move(root)),
        digest_(digest),
        ingredients_(std::move(ingredients)),
        sandbox_(std::move(sandbox)) {}

  const std::string& name() const override { return name_; }
  const Digest& digest() const override { return digest_; }
  const std::vector<Ingredient>& ingredients() const override { return ingredients_; }
  const std::filesystem::path& root() const override { return root_; }
  Command wrap(const Command& command, const std::filesystem::path& work, const std::vector<Mount>& mounts,
               SandboxUse use) const override {
    return sandbox_.wrap(command, work, mounts, use);
  }

 private:
  std::string name_;
  std::filesystem::path root_;
  Digest digest_;
  std::vector<Ingredient> ingredients_;
  Sandbox sandbox_;
};

// Where realised environments live.
inline std::filesystem::path environments_folder(const EnvironmentContext& context) {
  return context.home / "environments";
}

}  // namespace ortforge

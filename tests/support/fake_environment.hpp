// An environment that is there and adds nothing.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// Commands run as they are.
class FakeEnvironment : public Environment {
 public:
  explicit FakeEnvironment(std::filesystem::path root = "/") : root_(std::move(root)) {}
  void set_root(std::filesystem::path root) { root_ = std::move(root); }
  const std::string& name() const override { return name_; }
  const Digest& digest() const override { return digest_; }
  const std::vector<Ingredient>& ingredients() const override { return ingredients_; }
  const std::filesystem::path& root() const override { return root_; }
  Command wrap(const Command& command, const std::filesystem::path&, const std::vector<Mount>&,
               SandboxUse) const override {
    return command;
  }

 private:
  std::string name_ = "host";
  Digest digest_;
  std::vector<Ingredient> ingredients_;
  std::filesystem::path root_;
};

}  // namespace ortforge

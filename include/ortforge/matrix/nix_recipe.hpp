// What a hand-kept Nix recipe says, as far as it can be told without evaluating it.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

struct NixRecipe {
  // A revision of a package collection, fetched with a hash or without.
  struct Pin {
    std::string revision;
    bool hashed = false;
    bool operator==(const Pin&) const = default;
  };
  // A source that the recipe takes instead of the collection's.
  struct Fetch {
    std::string address;   // "https://github.com/microsoft/onnxruntime"
    std::string revision;  // tag or commit
    std::string digest;    // as written; empty: none
    bool operator==(const Fetch&) const = default;
  };

  std::string head;                      // the comment above the recipe
  std::string name;                      // `pname`, the last one; empty: not said, or computed
  std::string description;               // of `meta`
  std::vector<std::string> gpu_targets;  // each once, as written: "90", "9.0"
  std::vector<std::vector<std::string>>
      cpu_flags;  // words beginning with -m, a list for each way they are set
  bool says_platforms = false;
  std::optional<std::vector<std::string>> platforms;  // nothing where they are computed
  std::vector<Pin> pins;
  std::vector<std::string> cuda_toolkits;  // "12.9", or "13" where only the major version is said
  bool cuda_support = false;
  std::set<std::string> pythons;    // "3.12", of python312Packages
  bool core_python = false;         // the inner package is given a python3Packages
  bool builds_core_python = false;  // the inner package is built with its Python module
  std::vector<Fetch> fetches;
};

// A recipe of more bytes is not read.
constexpr std::size_t kNixRecipeLimit = std::size_t{256} * 1024;

// Reads the assignments, lists and strings of a recipe; names are looked up where `let` and `rec` define
// them, nothing is called. What is computed in other ways is taken as not said. Error: bad_input "line N:
// what" where the text is no Nix, or is longer than the limit.
Result<NixRecipe> read_nix_recipe(std::string_view text);

}  // namespace ortforge

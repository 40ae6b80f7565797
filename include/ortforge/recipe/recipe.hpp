// Recipes: what a backend needs to build one variant, as files and as commands. Pure: same inputs, same
// bytes.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ortforge/matrix/matrix.hpp"
#include "ortforge/process/command.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge {

// One step of a recipe. Paths in commands are relative to the work root:
//   recipe/          the recipe folder (read-only)
//   sources/<name>/  pristine sources (read-only)
//   src/             output of `prepare`
//   build/<step>/    build tree
//   out/<step>/      output of every other step
struct RecipeStep {
  std::string name;   // component name: "prepare", "core", "provider", "package", "test"
  std::string kind;   // "prepare", "build", "package", "test"
  std::string scope;  // variant-independent identity: "onnxruntime-1.21.0-core-cpu-avx512-python313"
  // Scopes of steps that cost about the same, * for any text: the component with the same accelerator, for
  // any SM, instruction set and Python ("onnxruntime-1.21.0-core-cpu-*-python*").
  std::string siblings;
  // What objects in the compiler cache are kept apart by ("build" steps; no part of keys or recipes):
  // "avx512", "x86_64-linux" for the platform's baseline, "x86_64-linux-cuda13_0-sm90" where the step depends
  // on the SM.
  std::string cache_namespace;
  std::string environment;  // environment name
  std::string output;       // "src", "out/core"
  // Names of steps whose output it reads, and of components of other products ("pytorch.package", at
  // out/pytorch.package).
  std::vector<std::string> needs;
  std::string continues;             // the step whose build tree it goes on in; empty: none
  std::vector<std::string> sources;  // names of sources it reads (prepare), in order
  std::map<std::string, std::string>
      files;                          // recipe files it sees (path below recipe/ -> content); part of its key
  std::vector<Command> commands;      // directory relative to the work root
  std::vector<std::string> tools;     // programs whose versions are recorded
  std::vector<std::string> features;  // CPU features the host must have to run it ("test" steps)
  bool toolkit = false;               // needs the line's CUDA toolkit prefix at toolkit/
  long long expected_cpu_ms = 0;
  std::uint64_t peak_bytes = 0;   // of a process outside heavy targets
  std::uint64_t heavy_bytes = 0;  // of one that compiles for a heavy target; 0: it has none
  std::uint64_t disk_bytes = 0;

  bool operator==(const RecipeStep&) const = default;
};

// A result of another product that steps read.
struct RequiredResult {
  std::string need;  // "pytorch.package", as steps name it
  std::string product;
  std::string branch;
  std::string variant;  // full name
  std::string folder;   // where it is expected: "out/pytorch.package"

  bool operator==(const RequiredResult&) const = default;
};

struct Recipe {
  std::string variant;                       // full name
  std::string backend;                       // "cmake"
  std::string environment;                   // environment name
  std::map<std::string, std::string> files;  // everything `generate` writes (path -> content)
  std::vector<RecipeStep> steps;             // in order; the last build or package step gives the result
  bool installed_toolkit = false;            // as in RecipeOptions
  std::vector<RequiredResult> required;      // each need once

  bool operator==(const Recipe&) const = default;
};

struct RecipeOptions {
  std::set<std::string> outputs{"lib", "wheel"};
  std::string environment;         // empty: the branch's own
  bool installed_toolkit = false;  // toolkit/ is the machine's own CUDA, whatever the line has
};

// Renders the recipe of a variant for the CMake backend. `templates` is the templates folder.
// Errors: bad_input when the variant is infeasible (rule and fact), when a template names an unknown key
// (template, line, key, nearest), when a placeholder in the matrix is unknown; missing when a template file
// cannot be read.
Result<Recipe> render_cmake_recipe(const Matrix& matrix, const Variant& variant,
                                   const std::filesystem::path& templates, const RecipeOptions& options);

// The same with templates that are read already; for rendering many variants.
Result<Recipe> render_cmake_recipe(const Matrix& matrix, const Variant& variant,
                                   const TemplateFolder& templates, const RecipeOptions& options);

}  // namespace ortforge
